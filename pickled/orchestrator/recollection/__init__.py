"""Memory joined to the show: what a turn recalls, what is stored, what is taken back."""
