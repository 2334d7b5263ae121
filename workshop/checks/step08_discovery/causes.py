"""What the check of discovery says when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from netlib.interfaces import LOOPBACK
from workshop.checking.lab import Lab
from workshop.checking.peers.discovery_programs import FEWEST_FRAMES, listed, lists, newest
from workshop.checking.peers.scripted_discovery import AnsweringRoom, Searcher
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Place, Trouble, Wrong
from workshop.checks.findings import wrong

MANY = 4  # times that an event loop stands still, which no busy machine explains


def unanswered(lab: Lab, program: Program, searcher: Searcher, ports: Sequence[int]) -> Wrong:
    """No answer came to who asked."""
    expected = f"a question at UDP port {ports[0]} is answered, to the address that has asked"
    if program.exit_code is not None:
        return program.ended_early(expected)
    if not any(bound.kind == "udp" and bound.port in ports for bound in program.bound):
        return wrong(
            lab,
            expected,
            f"the server has opened no UDP port from {ports[0]} to {ports[-1]}",
            "the beacon is never opened, or does not use the ports of --discovery-ports",
            place=lab.stage.find("beacon.py", r"answering_socket\(") or lab.stage.find("server.py", "Beacon"),
            hint="async with Beacon(…, chosen.discovery_ports): around the time that the server is open",
        )
    if searcher.heard:
        return wrong(
            lab,
            expected,
            f"{searcher.heard[0][0][:60]!r} came, which is no answer to this question",
            "the answer does not repeat the nonce of the question, or is not encoded as one",
            place=lab.stage.find("beacon.py", r"encode_answer\("),
            hint="encode_answer(self._info(), nonce), with the nonce that decode_probe has found",
        )
    return _nothing_came(lab, expected)


def _nothing_came(lab: Lab, expected: str) -> Wrong:
    answer = lab.stage.find("beacon.py", r"encode_answer\(")
    sent = lab.stage.find("beacon.py", r"self\.send\(|sendto\(|\.send\(.*(answer|address)")
    if answer is None:
        return wrong(
            lab,
            expected,
            f"nothing came within {PATIENCE:.0f} seconds",
            "no answer is made of the question",
            place=lab.stage.function("beacon.py", "receive"),
            hint="decode_probe(data), and when it is not None: self.send(encode_answer(…), address)",
        )
    return wrong(
        lab,
        expected,
        f"nothing came to that address within {PATIENCE:.0f} seconds",
        "the answer is sent to somewhere else than the address that the question came from",
        place=sent or answer,
        hint="self.send(encode_answer(self._info(), nonce), address), with the address as receive got it",
    )


def untrue(lab: Lab, what: str, said: object, true: object) -> Wrong:
    """The answer says something that is not so."""
    return wrong(
        lab,
        f"the answer says that {what} is {true}",
        f"it says {said}",
        f"{what} is not taken from the server at the moment of the answer",
        place=lab.stage.find("server.py", rf"\b{what}=") or lab.stage.function("server.py", "about"),
        hint="in about(): name=server.name, players=len(server.players), port=server.port",
    )


def changing_id(lab: Lab) -> Wrong:
    """Each answer has another id."""
    return wrong(
        lab,
        "every answer of a server has the same id",
        "the second answer has another one",
        "a new id is made for each answer; searchers then see a new room each time",
        place=lab.stage.find("server.py", r"new_id\("),
        hint="id=id: it is made once, when the server starts",
    )


def mixed_up(lab: Lab, name: str) -> Wrong:
    """Of two searchers one gets no answer of its own."""
    return wrong(
        lab,
        "Ada asks, then Ben, then Ada: each time the one who has asked gets the answer",
        f"{name} got none",
        "the answer goes to an address that was kept, and not to the one of this question",
        place=lab.stage.find("beacon.py", r"self\.send\(|\.send\(|sendto\("),
        hint="keep no address: receive gets the right one with each datagram",
    )


def talkative(lab: Lab, data: bytes) -> Wrong:
    """Rubbish was answered."""
    return wrong(
        lab,
        "what is no question, or a question of less than 256 bytes, gets no answer",
        f"it got one of {len(data)} bytes",
        "every datagram is answered; with a forged sender, a stranger can so flood somebody else",
        place=lab.stage.find("beacon.py", r"decode_probe|encode_answer\("),
        hint="answer only if decode_probe has found a nonce; it gives None for anything else",
    )


def stumbled(trouble: Trouble) -> Wrong:
    """A datagram that is no message made it raise an exception."""
    return Wrong(
        "a datagram that makes no sense is ignored",
        f"your function raised {trouble}",
        "decode_probe and decode_answer give None for what makes no sense, and that is used as a value",
        place=trouble.place,
        hint="ask `is not None` before you use what was decoded",
        sure=True,
    )


def deafened(lab: Lab, file: str, saw: str) -> Wrong:
    """After rubbish nothing is heard any more."""
    return wrong(
        lab,
        "after datagrams that make no sense, all goes on as before",
        saw,
        "an exception ends the loop that reads, or the socket is closed",
        place=lab.stage.find(file, r"recvfrom|recv\(|except|json\.loads"),
        hint="catch what decoding may raise for each datagram, inside the loop, and go on",
    )


def not_shown(lab: Lab, program: Program, room: AnsweringRoom) -> Wrong:
    """A room that answers is not in the lobby."""
    expected = f"a row with {room.address} in the lobby"
    if program.exit_code is not None:
        return program.ended_early(expected)
    if not room.askers:
        return wrong(
            lab,
            expected,
            f"nobody has asked at UDP port {room.port} within {PATIENCE:.0f} seconds",
            "no question is sent, or not to the ports of --discovery-ports",
            place=lab.stage.function("browser.py", "ask") or lab.stage.find("client.py", "search"),
            hint="who calls ask(), and how often? What does it send to each host and port?",
        )
    return wrong(
        lab,
        expected,
        f"{len(room.askers)} questions were answered; the lobby lists {listed(program) or 'no room'}",
        "the answer is not taken in, or its room is shown with another address",
        place=lab.stage.function("browser.py", "receive"),
        hint="decode_answer(data, address[0], …) gives a room with its address; keep it in self._rooms",
    )


def jerky(lab: Lab, rate: float, blocked: Sequence[Place | None]) -> Wrong:
    """The window waits while the lobby searches; ``blocked`` is where the event loop stood still."""
    expected, saw = f"at least {FEWEST_FRAMES} frames in a second, also while it searches", f"{rate:.0f}"
    if len(blocked) > MANY:
        return wrong(
            lab,
            expected,
            saw,
            "the event loop stands still at this line, again and again, and no frame is drawn meanwhile",
            place=blocked[0],
            hint="wait with await asyncio.sleep(…), never with time.sleep or a socket that blocks",
        )
    return wrong(
        lab,
        expected,
        saw,
        "the loop that draws waits for the search, and so does the window",
        place=lab.stage.find("client.py", r"await browser|\.recv|sleep\("),
        hint="asyncio.create_task(browser.search_on()) before the loop; nothing that waits in it",
    )


def some_missing(lab: Lab, program: Program, rooms: Sequence[AnsweringRoom]) -> Wrong:
    """Of several rooms not all are in the lobby."""
    rows = listed(program)
    missing = [room for room in rooms if not lists(program, room)]
    expected = f"{len(rooms)} rows, for rooms at the UDP ports {rooms[0].port} to {rooms[-1].port}"
    saw = f"{len(rows)} rows: {', '.join(rows) or 'none'}"
    if unasked := [str(room.port) for room in missing if not room.askers]:
        return wrong(
            lab,
            expected,
            f"{saw}; nobody has asked at {', '.join(unasked)}",
            "the question goes to some of the ports, and a room may be at any of them",
            place=lab.stage.find("browser.py", r"self\.send\(|sendto\("),
            hint="for port in self._ports: send the question to every host at that port",
        )
    return wrong(
        lab,
        expected,
        f"{saw}; all rooms have answered",
        "answers of different rooms take each other's place",
        place=lab.stage.find("browser.py", r"_rooms\[|_rooms ="),
        hint="self._rooms[room.id] = room: a host may have several rooms, and each has an id of its own",
    )


def never_gone(lab: Lab) -> Wrong:
    """A room that is closed stays in the list."""
    return wrong(
        lab,
        "a room that has not answered for five intervals is taken from the list",
        "it is still there long after it has closed",
        "nothing is ever removed: a room that closes says no goodbye",
        place=lab.stage.function("browser.py", "rooms"),
        hint="in rooms: keep those whose last_seen is newer than five intervals ago",
    )


def gone_too_soon(lab: Lab) -> Wrong:
    """A room that answers vanishes."""
    return wrong(
        lab,
        "a room that answers stays in the list; one lost answer or two are normal",
        "it was missing from frames, a second after an answer",
        "what counts is when it was first seen, or one interval only, and not its newest answer",
        place=lab.stage.find("browser.py", r"last_seen|setdefault|not in"),
        hint="keep the newest answer of each room, and compare its last_seen with five intervals ago",
    )


def forged_room(lab: Lab) -> Wrong:
    """An answer that nobody has asked for is shown."""
    return wrong(
        lab,
        "an answer with a nonce that is not ours is left out",
        'a room "A stranger" was listed',
        "the nonce is not compared: anybody may put rooms in this list",
        place=lab.stage.find("browser.py", r"decode_answer|nonce"),
        hint="decode_answer(data, address[0], self._nonce, …) compares it",
    )


def not_joined(lab: Lab, program: Program, where: str) -> Wrong:
    """Enter did not lead into the game."""
    expected = f"Enter leads to {where}"
    if program.exit_code is not None:
        return program.ended_early(expected)
    words = [text for text in newest(program).texts if LOOPBACK in text or " " in text]
    return wrong(
        lab,
        expected,
        f"nobody joined there; the window says: {'; '.join(words[-3:])}",
        "what the lobby answers is not what is connected to, or the lobby goes on",
        place=lab.stage.find("client.py", r"lobby\.answer|connect\("),
        hint="choose() ends as soon as lobby.answer is not None, and gives it to netlib.connect",
    )
