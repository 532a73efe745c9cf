"""Connections that two parts share."""
