"""Rows and their invariants: one module per noun."""
