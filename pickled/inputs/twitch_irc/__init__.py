"""Reading Twitch's chat over IRC: lines, the events in them, and one connection."""
