"""How chat feels: words, emotes, and what a line of them says."""
