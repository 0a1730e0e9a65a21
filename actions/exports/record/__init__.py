"""The full record of a patient: every row of every table that is about them, as entries of a file."""
