"""Runs somebody's client on a machine that seems to have a network, whose addresses are loopback's."""

import runpy
import sys
from ipaddress import IPv4Interface

from netlib.discovery import interfaces

NETWORK = IPv4Interface("127.0.0.1/30")
BROADCAST = str(NETWORK.network.broadcast_address)  # this machine, too, and nobody else; not on macOS

if __name__ == "__main__":
    interfaces.scan = lambda: [NETWORK]
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
