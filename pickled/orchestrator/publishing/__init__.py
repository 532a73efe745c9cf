"""What the world is told: states, events, and how each part is."""
