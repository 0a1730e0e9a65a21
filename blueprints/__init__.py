"""The doors of the web: parse, load, act, respond."""
