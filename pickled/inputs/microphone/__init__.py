"""What the microphone of an audio-node sends: streams, one for each stretch of speech."""
