"""Told to do something, over MQTT or in chat: parsed, done at once, and answered with a code."""
