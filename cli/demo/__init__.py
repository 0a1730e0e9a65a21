"""The demo clinic: invented people, patients and plans, and weeks of their history."""
