"""Bugs that are planted into given code, to see whether somebody's tests notice them."""
