"""Pure decisions: data, the moment and the dice go in, a decision comes out."""
