"""The live text: what may enter it, its log, and the documents that are open."""
