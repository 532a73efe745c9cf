"""What the world gets of an answer."""
