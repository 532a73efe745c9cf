"""The input for who has signed in, against the stand-in for Twitch."""
