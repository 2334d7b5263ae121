"""The address that board, QR code and terminal show: the likeliest to be reached, or the host's choice."""

import time

import netlib
from netlib.discovery.interfaces import faces
from netlib.discovery.reach import Kind
from netlib.protocol.frames import PORT
from netlib.transport.tcp import host_port
from workshop.doctor.lan.probe import ipv6

LOOK_SECONDS = 10.0  # for which we remember the addresses of this machine
KINDS: dict[Kind, str] = {
    "lan": "this network",
    "public": "a public address",
    "made up": "no network has given it",
    "virtual": "only for containers and virtual machines",
    "tunnel": "a VPN",
}
NOT_OURS = "your choice; this machine itself does not have it"
HERE_ONLY = "only this machine reaches it"


class Addresses:
    """Knows where a room is reached.

    Args:
        server: the room.
        chosen: the host's choice; empty for the address that is likeliest reached.

    Attributes:
        chosen: as given; the desk may change it.
    """

    def __init__(self, server: netlib.Server, chosen: str = "") -> None:
        self._server, self.chosen = server, chosen
        self._given, self._words = chosen or server.host, NOT_OURS if chosen else HERE_ONLY
        self._known: dict[str, str] = {}
        self._looked_at = float("-inf")

    @property
    def current(self) -> str:
        """The one that is shown."""
        return self.chosen or self._server.host or next(iter(self.known()), "localhost")

    @property
    def shown(self) -> str:
        """The one that is shown, as people type it: without the port, if it is the usual one."""
        port = self._server.port
        return self.current if port == PORT else host_port(self.current, port)

    @property
    def game(self) -> str:
        """Where a phone plays."""
        return f"http://{host_port(self.current, self._server.port)}/play"

    def known(self) -> dict[str, str]:
        """What can be chosen, the likeliest first, and its kind of network; last what was given at first."""
        now = time.monotonic()
        if now - self._looked_at > LOOK_SECONDS:
            self._looked_at = now
            self._known = {str(face.at.ip): f"{face.name}, {KINDS[face.kind]}" for face in faces()}
            if not self._known:  # perhaps there is only IPv6; no browser takes what is of one cable only
                self._known = {ip: "IPv6" for ip in ipv6() if not ip.startswith("fe80")}
            if self._given:
                self._known.setdefault(self._given, self._words)
        return self._known
