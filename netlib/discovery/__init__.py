"""Finding rooms on the LAN."""
