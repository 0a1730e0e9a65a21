"""Plain counters that every layer may raise; who hands them out is another matter."""
