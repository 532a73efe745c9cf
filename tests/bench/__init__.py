"""Measures the budgets, as ratios in one run: `python -m tests.bench [NAME …]`."""
