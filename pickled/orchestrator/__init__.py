"""What happens from an event to an outcome: the turn, commands, state, supervision."""
