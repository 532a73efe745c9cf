"""Writing in a Twitch chat: how a line looks, when it may go out, and what else can be done."""
