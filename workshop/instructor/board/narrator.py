"""Prints what happens in a room: line by line, or on a terminal in one line that rewrites itself."""

import time
from typing import TypeAlias, get_args

import netlib
from workshop.instructor.board.addresses import HERE_ONLY, Addresses
from workshop.instructor.board.pages import board_url
from workshop.instructor.classroom.host_memory import HostMemory
from workshop.instructor.classroom.registrar import Registrar
from workshop.terminal import console
from workshop.terminal.printer import Printer
from workshop.terminal.status_line import StatusPrinter

UNKNOWN = "the one from this class's first start; --host-password NEW sets another"
Came: TypeAlias = netlib.Joined | netlib.Dropped | netlib.Resumed | netlib.Left


class Narrator:
    """Prints what happens in a room.

    Args:
        server: the room.
        printer: prints the lines; a `StatusPrinter` tells of players in its status line only.
        host: knows the password to command the room, if this run does.
        addresses: where the room is reached.

    Attributes:
        bundle_port: the port of a bundle, if one is served.
        room_class: the class, once the room is open.
        has_keys: whether somebody can press a key, to be told again how to join.
    """

    def __init__(
        self, server: netlib.Server, printer: Printer, host: HostMemory, addresses: Addresses
    ) -> None:
        self._server, self._printer, self._host, self._addresses = server, printer, host, addresses
        self._told, self._claims = "", set[str]()
        self.bundle_port: int | None = None
        self.room_class: Registrar | None = None
        self.has_keys = False
        if not self.live:
            for kind in get_args(Came):
                server.on(kind, self._tell)

    @property
    def live(self) -> bool:
        """Whether a status line tells how it goes."""
        return isinstance(self._printer, StatusPrinter)

    def open(self) -> None:
        """Print how to join, and how to command the room."""
        server = self._server
        lines = [f'"{server.name}" is open on port {server.port}. To join, on this network:']
        if server.discoverable_on is not None:
            lines.append(f"    {console.command('join')}")
        lines += [f"    {console.command('join', self._addresses.shown)}", *self._other_addresses()]
        if self.bundle_port is not None:
            bundle = f"http://{self._addresses.current}:{self.bundle_port}/"
            lines.append(f"For laptops without internet: {bundle}")
        lines += [
            f"To join the class: {console.command('class', 'join')}",
            f"Board, for the projector: {board_url(server)}",
            f"Desk, for your own screen: {board_url(server)}desk",
            f"Host password, to pause, start and kick: {self._host.password or UNKNOWN}",
            "Ctrl-C closes the room.",
        ]
        self._printer.say("\n".join(lines))

    def close(self) -> None:
        """Say that it is over."""
        if isinstance(self._printer, StatusPrinter):
            self._printer.show("")
        self._printer.say("The room is closed.")

    def status(self) -> None:
        """Tell how it goes, if that has changed, and who waits for the host to agree to another laptop."""
        self._tell_claims()
        line = f"{self._count()}{self._class()}; {self._trouble() or 'all is well'}"
        if isinstance(self._printer, StatusPrinter):
            again = "; a: how to join" if self.has_keys else ""
            self._printer.show(line + again)
        elif line != self._told:
            self._told = line
            self.log(line)

    def _other_addresses(self) -> list[str]:
        """Which address that is, and what else this machine has, of which attendees likely reach nothing."""
        known = dict(self._addresses.known())
        shown = self._addresses.current
        words = known.pop(shown, HERE_ONLY)
        lines = [f"That address: {words}."]
        if known:
            others = ", ".join(f"{address} ({words})" for address, words in known.items())
            another = console.command("host", "--address", next(iter(known)))
            lines += [f"This machine also has {others}.", f"To show another one: the desk, or {another}"]
        return lines

    def _tell_claims(self) -> None:
        claims = self.room_class.claims() if self.room_class else {}
        for nickname in claims.keys() - self._claims:
            where = f"from another laptop ({claims[nickname]})"
            self.log(f"{nickname} wants to go on in the class {where}: agree at the desk.")
        self._claims = set(claims)

    def _class(self) -> str:
        """How many are in the class, and how many hands are up."""
        attendees = self.room_class.attendees() if self.room_class else []
        hands = sum(one.state == "stuck" for one in attendees)
        up = f", {hands} hand{'' if hands == 1 else 's'} up" if hands else ""
        return f"; class: {len(attendees)}{up}" if attendees else ""

    def _trouble(self) -> str:
        """What does not go well, in words; empty if all does."""
        metrics = self._server.metrics
        refused = sum(metrics.refused.values())
        lost = metrics.ticks_skipped / self._server.tick_rate
        slow = f"this machine was too slow for {lost:.0f} s" if lost >= 1 else ""
        return "; ".join(filter(None, [slow, f"{refused} refused" if refused else ""]))

    def _tell(self, event: Came) -> None:
        """Print a line about a player. Boards and attendees' reports come and go all day, and get none."""
        match event:
            case netlib.Joined(peer):
                words = f"joined from {peer.address}"
            case netlib.Dropped(peer):
                words = f"lost the connection; the place is kept for {self._server.limits.grace_time:g} s"
            case netlib.Resumed(peer):
                words = f"is back from {peer.address}"
            case netlib.Left(peer, reason=reason):
                words = f"left ({reason})" if reason else "left"
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
