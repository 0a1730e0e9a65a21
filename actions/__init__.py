"""The only writers: each function checks a rule, changes rows, and records what happened."""
