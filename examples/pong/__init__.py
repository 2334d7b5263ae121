"""Pong for two, with its ball predicted."""
