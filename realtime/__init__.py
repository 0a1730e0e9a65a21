"""Sockets: the gate in front of every event, boards, documents, and who hears what."""
