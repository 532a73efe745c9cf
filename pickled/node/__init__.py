"""The audio-node: the mouth and the ear on the streamer's laptop; silent when told so."""
