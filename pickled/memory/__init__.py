"""What is remembered, from the last minutes to the last years."""
