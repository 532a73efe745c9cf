"""pickled, an AI co-host for people who stream their life."""

__version__ = "0.1.0"
