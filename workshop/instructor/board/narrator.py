"""Prints what happens in a room."""

import time

import netlib
from netlib.discovery.interfaces import lan_addresses
from netlib.protocol.frames import PORT
from workshop.instructor.board.pages import board_url
from workshop.terminal import console
from workshop.terminal.printer import Printer


class Narrator:
    """Prints what happens in a room.

    Args:
        server: the room.
        printer: prints the lines.
        host_password: the password to command the room.

    Attributes:
        bundle_port: the port of a bundle, if one is served.
    """

    def __init__(self, server: netlib.Server, printer: Printer, host_password: str) -> None:
        self._server = server
        self._host_password = host_password
        self._printer = printer
        self._told = ""
        self.bundle_port: int | None = None
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Dropped, self.dropped)
        server.on(netlib.Resumed, self.resumed)
        server.on(netlib.Left, self.left)

    def open(self) -> None:
        """Print how to join."""
        server = self._server
        port = "" if server.port == PORT else f":{server.port}"
        lines = [f'"{server.name}" is open on port {server.port}. To join, on this network:']
        if server.discoverable_on is not None:
            lines.append(f"    {console.command('join')}")
        lines += [f"    {console.command('join', address + port)}" for address in lan_addresses()]
        if self.bundle_port is not None:
            lines += [
                f"For laptops without internet: http://{address}:{self.bundle_port}/"
                for address in lan_addresses()
            ]
        lines.append(f"To join the class: {console.command('class', 'join')}")
        lines.append(f"Board, for the projector: {board_url(server)}")
        lines.append(f"Desk, for your own screen: {board_url(server)}desk")
        lines.append(f"Host password, to pause, start and kick: {self._host_password}")
        lines.append("Ctrl-C closes the room.")
        self._printer.say("\n".join(lines))

    def joined(self, event: netlib.Joined) -> None:
        """A player has joined."""
        self._tell(event.peer, f"joined from {event.peer.address}")

    def dropped(self, event: netlib.Dropped) -> None:
        """A player has lost the connection, and keeps the place for a while."""
        place = f"the place is kept for {self._server.limits.grace_time:g} s"
        self._tell(event.peer, f"lost the connection; {place}")

    def resumed(self, event: netlib.Resumed) -> None:
        """A player is back."""
        self._tell(event.peer, f"is back from {event.peer.address}")

    def left(self, event: netlib.Left) -> None:
        """A player has left."""
        why = f" ({event.reason})" if event.reason else ""
        self._tell(event.peer, f"left{why}")

    def status(self) -> None:
        """Print skipped ticks and refusals, if they have changed."""
        metrics = self._server.metrics
        refused = ", ".join(f"{number} {reason}" for reason, number in sorted(metrics.refused.items()))
        skipped = f"{metrics.ticks_skipped} ticks skipped" if metrics.ticks_skipped else "no tick skipped"
        line = f"{self._count()}; {skipped}; refused: {refused or 'nothing'}"
        if line != self._told:
            self._told = line
            self.log(line)

    def _tell(self, peer: netlib.Peer, words: str) -> None:
        """Print a line about a player. Boards and attendees' reports come and go all day, and get none."""
        if not peer.spectator:
            self.log(f"{peer.name} {words}; {self._count()}")

    def _count(self) -> str:
        players = self._server.players
        away = sum(not peer.connected for peer in players)
        gone = f" ({away} away)" if away else ""
        return f"{len(players)} of {self._server.limits.max_players} players{gone}"

    def log(self, line: str) -> None:
        """Print a line, with the time of day."""
        self._printer.say(f"{time.strftime('%H:%M:%S')}  {line}")
