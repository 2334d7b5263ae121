"""Tic-tac-toe: a lobby, and tables for two who play."""
