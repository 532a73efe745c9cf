"""What somebody's line tells of them that a friend would remember."""
