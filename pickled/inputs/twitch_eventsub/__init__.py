"""What EventSub tells, as messages of ours; nothing in it is trusted."""
