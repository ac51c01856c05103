"""How knowledge becomes adoption: parameters, rules and the two engines."""

MODEL_VERSION = 1
"""Raised whenever a golden run changes, so that runs of different models are never mixed."""
