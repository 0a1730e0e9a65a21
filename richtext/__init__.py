"""Markdown to HTML that is harmless, and differences between texts."""
