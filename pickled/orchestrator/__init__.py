"""What happens from an event to an outcome; its rooms import downwards only, like the house."""
