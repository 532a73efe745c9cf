"""What an instance publishes, read again."""
