"""The other side of each check: servers and clients of ours, which do as a check tells them."""
