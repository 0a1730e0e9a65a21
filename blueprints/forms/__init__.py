"""What people fill in: fields, limits, and messages."""
