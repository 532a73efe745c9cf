"""Orders to the model in others' words, on the way in and on the way out."""
