"""`pickled doctor --part`: one part is tried, as its author would."""
