"""Writes of the directory: each a transaction with its event."""
