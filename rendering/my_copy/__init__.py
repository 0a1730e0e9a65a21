"""The patient's copy: what was given to the patient to read, and what the patient said; nothing else is loaded."""
