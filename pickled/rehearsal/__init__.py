"""Rehearsals: a stream is recorded from MQTT, and played again on virtual time to see why.

`recorder` writes down what an instance publishes, `recorded` reads it for what makes a replay
exact, `stage` plays it to the whole daemon, `story` tells what came of it, `compare` lays two
of these side by side.
"""
