"""What leaves the clinic as a file: the patient's copy, and the full record. See docs/exports.md."""
