"""What chat says, by its meaning: lines that want the same, and what they ask."""
