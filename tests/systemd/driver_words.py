"""What the driver in the container and the tests outside of it both know."""

PASSWORD = "not-in-the-journal"
