"""One file a format: text to Network and back."""
