"""Stand-ins for what lies outside: strict about the wire, scripted in what they say."""
