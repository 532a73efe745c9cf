"""What endangers people: personal data, private words, whereabouts."""
