"""Listed words, however they are spelled."""
