"""The lab without its window: a real room and clients on this machine, and what is measured of them."""
