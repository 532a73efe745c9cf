"""One file that holds everything that is kept, and the way back from it."""
