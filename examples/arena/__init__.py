"""An arena: run, and shoot what you see; a server, bots and windows."""
