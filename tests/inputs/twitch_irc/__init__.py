"""Tests of what reads IRC."""
