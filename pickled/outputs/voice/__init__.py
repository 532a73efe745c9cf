"""The voice: speech goes to the audio-nodes, and what was really heard comes back."""
