"""EventSub: what Twitch tells of a channel, over WebSockets that are watched from outside."""
