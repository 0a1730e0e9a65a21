"""`flask backup` and `flask restore`: copies of the database that can be relied on."""
