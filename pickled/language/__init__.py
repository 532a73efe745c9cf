"""What a text says: its form, meaning and mood, what it tells of people, and what it hides."""
