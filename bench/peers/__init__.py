"""Servers of others, for comparison in one run with ours."""
