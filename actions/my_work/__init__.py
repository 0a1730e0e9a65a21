"""What waits for a person across all patients whose record they read: a statement for each kind, however many."""
