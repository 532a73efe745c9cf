"""Mechanisms that the rooms share: fallbacks, supervision, clocks."""
