"""What the serving worker does beside answering: a ticker for jobs, and the metrics listener."""
