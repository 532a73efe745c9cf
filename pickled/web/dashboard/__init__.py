"""The dashboard: what goes on, and everything that can be set, on one page."""
