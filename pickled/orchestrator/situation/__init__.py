"""What goes on around the conversation: the show, and what chat as a whole is like."""
