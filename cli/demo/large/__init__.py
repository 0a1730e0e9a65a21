"""The large clinic: ten thousand patients, and two documents with long histories."""
