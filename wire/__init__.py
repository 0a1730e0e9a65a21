"""A program that takes part in a plan knowing only the wire protocol: for measurements, tests and the demo."""
