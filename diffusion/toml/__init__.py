"""TOML files: their text, where each key stands, and what is wrong with them, in plain words."""
