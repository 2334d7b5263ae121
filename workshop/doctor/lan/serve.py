"""`doctor --lan --serve`: stand in for a room, so that a doctor elsewhere can test the way to this machine.

It opens a TCP port and answers the doctor's questions over UDP, but not those of `join`, which must not find
it. It prints what reaches it, and tells that doctor the same: together they know which way is closed.
"""

import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import Callable, Sequence

from websockets.datastructures import Headers
from websockets.http11 import Response

from netlib.discovery.beacon import Address, Pacer, RoomInfo, decode_probe, encode_answer, new_id
from netlib.discovery.discovery import ANSWER_TURN, PORTS
from netlib.discovery.interfaces import Datagrams, answering_host, answering_socket
from netlib.protocol.frames import PORT, PROTOCOL_VERSION
from netlib.server.http import LARGE_PACKET, Page, json_page
from netlib.transport.tcp import host_port, listen
from workshop.bootstrap.typed import command
from workshop.doctor.lan.probe import TO_ALL, TO_ONE
from workshop.doctor.lan.seen import RoomHere, Told

REQUEST_SECONDS = 5.0  # that a client may take to send its request
NOTHING_YET_SECONDS = 20.0  # between two notices that nothing has come
NOT_FOUND = Page(b"There is no such page.\n", status=404, phrase="Not Found")
HOSTS_KEPT = 256  # to remember; further hosts are served, but not counted


class StandIn:
    """A stand-in for a room.

    Args:
        port: TCP, must be free.
        say: prints a line.
        rooms: what else listens on this machine.
        udp_ports: it takes the first free one of them.
        host: the address to listen on; None is every one.
    """

    def __init__(
        self,
        port: int,
        say: Callable[[str], object],
        *,
        rooms: Sequence[RoomHere] = (),
        udp_ports: Sequence[int] = PORTS,
        host: str | None = None,
    ) -> None:
        self._say, self._rooms, self._udp_ports, self._host = say, rooms, udp_ports, host
        self._info = RoomInfo(
            id=new_id(),
            name=f"doctor on {socket.gethostname()}",
            players=0,
            max_players=0,
            port=port,
            protocol=PROTOCOL_VERSION,
        )
        self._reached: dict[str, Told] = {}
        self._said: set[tuple[str, str]] = set()
        self._pacer = Pacer()
        self._turn: asyncio.TimerHandle | None = None
        self._datagrams: Datagrams | None = None

    async def run(self) -> None:
        """Answer until it is cancelled.

        Raises:
            PortInUse: another program has the port.
        """
        async with contextlib.AsyncExitStack() as end:
            for sock in listen(self._host, self._info.port):
                await end.enter_async_context(await asyncio.start_server(self._serve, sock=sock))
            self._answer_questions(end)
            while True:
                await asyncio.sleep(NOTHING_YET_SECONDS)
                if not self._reached:
                    self._say("Nothing has reached this machine so far.")

    def _answer_questions(self, end: contextlib.AsyncExitStack) -> None:
        sock = answering_socket(answering_host(self._host), self._udp_ports)
        if sock is None:
            self._say(f"No UDP port of {', '.join(map(str, self._udp_ports))} is free: only TCP is answered.")
            return
        self._datagrams = Datagrams(sock, self._asked)
        end.callback(self._datagrams.close)

    def _asked(self, data: bytes, address: Address) -> None:
        nonce = decode_probe(data) or ""
        if nonce.startswith(TO_ALL):
            self._note(address[0], "a question to everybody (UDP broadcast)", broadcasts=1)
        elif nonce.startswith(TO_ONE):
            self._note(address[0], "a question to this machine (UDP)", questions=1)
        else:
            return
        self._pacer.ask(address, nonce)
        if self._turn is None:
            self._answer_due()

    def _answer_due(self) -> None:
        self._turn = None
        for searcher, nonce in self._pacer.due(time.perf_counter()):
            with contextlib.suppress(OSError):
                if self._datagrams is not None:
                    self._datagrams.send(encode_answer(self._info, nonce), searcher)
        if self._pacer.waiting:
            self._turn = asyncio.get_running_loop().call_later(ANSWER_TURN, self._answer_due)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("peername")[0].removeprefix("::ffff:")
        self._note(host, "a connection (TCP)")
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(REQUEST_SECONDS):
                head = await reader.readuntil(b"\r\n")
                page = self._page(head.decode("latin-1"), host)
                length = {"Content-Length": str(len(page.body))}
                headers = Headers({"Content-Type": page.content_type, "Connection": "close"} | length)
                writer.write(Response(page.status, page.phrase, headers, page.body).serialize())
                await writer.drain()
        writer.close()

    def _page(self, head: str, host: str) -> Page:
        pages = {"/info": json_page(self._info), "/lan": json_page(self._told(host)), "/large": LARGE_PACKET}
        words = head.split()
        wanted = words[1].partition("?")[0] if len(words) == 3 and words[0] == "GET" else ""
        return pages.get(wanted, NOT_FOUND)

    def _told(self, host: str) -> Told:
        return self._reached.get(host) or Told(sys.platform, rooms=self._rooms)

    def _note(self, host: str, what: str, *, broadcasts: int = 0, questions: int = 0) -> None:
        """Count what came from a host, and print each kind once."""
        if host not in self._reached and len(self._reached) >= HOSTS_KEPT:
            return
        told = self._told(host)
        broadcasts, questions = told.broadcasts + broadcasts, told.questions + questions
        self._reached[host] = Told(told.platform, broadcasts, questions, told.rooms)
        if (host, what) not in self._said:
            self._said.add((host, what))
            self._say(f"{time.strftime('%H:%M:%S')}  {host} has reached this machine: {what}")


def how_to(port: int, rooms: Sequence[RoomHere], addresses: Sequence[str]) -> list[str]:
    """What to type on the other machine, and what else is open here.

    Args:
        addresses: those by which others may reach this machine, the most likely first.
    """
    lines = [f"Standing in for a room, on port {port}. On the other machine type:"]
    places = addresses if port == PORT else [host_port(address, port) for address in addresses]
    lines += [f"    {command('doctor', '--lan', place)}" for place in places]
    for room in rooms:
        whom = "for this machine alone (loopback)" if room.alone else "for others, too"
        lines.append(f"{room.name or 'A program'} is open here on port {room.port}, {whom}.")
    return [*lines, "What reaches this machine is printed below. Ctrl-C ends it."]
