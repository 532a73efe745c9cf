"""The wings of the server: each function makes the parts of one, and says how they live."""
