"""The server: its parts are made here, and live from the start to a clean end."""
