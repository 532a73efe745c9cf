"""What it is set to: switches, values and personas, kept over restarts."""
