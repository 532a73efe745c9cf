"""What matters: the score of a message, and what waits to be decided on."""
