"""Measurements. Figures go to docs/benchmarks.md, each with its command."""
