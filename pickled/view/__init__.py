"""What an instance publishes, read again: states and events, and the turns they tell of."""
