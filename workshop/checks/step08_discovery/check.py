"""Step 08: the server answers who searches; the lobby finds rooms, forgets them, and never waits."""

from __future__ import annotations

import contextlib

import msgspec

import netlib
from netlib.beacon import encode_answer, encode_probe, new_id
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.discovery_programs import (
    EVERY_INTERFACE,
    FEWEST_FRAMES,
    GONE_SECONDS,
    NAME,
    NEWS,
    NOISE,
    answering,
    game,
    gaps,
    listed,
    lists,
    lobby,
    newest,
    pace,
    press,
    room_server,
    told_anew,
    type_in,
    until_frames,
)
from workshop.checking.peers.scripted_discovery import AnsweringRoom, Searcher, described, own_ports
from workshop.checking.program import PATIENCE
from workshop.checking.verdict import Wrong
from workshop.checks.step08_discovery import causes as says

check = Check("step08_discovery", files=["beacon.py", "browser.py", "server.py", "client.py"])


@check.part("the server answers who searches")
async def answers(lab: Lab) -> None:
    """Ada asks at all four ports; then Ben asks, and Ada again."""
    async with room_server(lab) as (program, _, ports), Searcher() as ada, Searcher() as ben:
        if await ada.ask(ports, PATIENCE) is None:
            raise says.unanswered(lab, program, ada, ports)
        lab.shared["bound"] = [b.host for b in program.bound if b.kind == "udp" and b.port in ports]
        again = {"Ben": ben, "Ada, at her second question,": ada}
        lab.shared["unheard"] = [n for n, who in again.items() if not await who.ask(ports, PATIENCE)]


@check.part("the server is heard from other machines, too", after=[answers])
async def heard_everywhere(lab: Lab) -> None:
    """Look at the address on which it listened in the part before."""
    narrow = [host for host in lab.shared["bound"] if host not in EVERY_INTERFACE]
    if narrow:
        raise Wrong(
            "the beacon listens on 0.0.0.0, which is every network that the machine is on",
            f"it listens on {narrow[0]}",
            "what other machines send does not come in at that address",
            place=lab.stage.find("beacon.py", r"answering_socket\(|127\.0\.0\.1|localhost"),
            hint='answering_socket("0.0.0.0", …)',
            sure=True,
        )


@check.part("the answer says what is true now", after=[answers])
async def truth(lab: Lab) -> None:
    """Ask, let a player join, ask again."""
    async with room_server(lab) as (_, port, ports), Searcher() as searcher:
        room = await searcher.ask(ports, PATIENCE)
        if room is None:
            raise TimeoutError
        for what, said, true in (("name", room.name, NAME), ("port", room.port, port)):
            if said != true:
                raise says.untrue(lab, what, said, true)
        if room.max_players < 1 or room.players != 0:
            raise says.untrue(lab, "players", f"{room.players} of {room.max_players}", "0 of 32")
        async with netlib.connect(f"127.0.0.1:{port}", name="Ada"):
            later = await searcher.ask(ports, PATIENCE, lambda it: it.players == 1 or it.id != room.id)
        if later is None:
            raise says.untrue(lab, "players", searcher.answers()[-1].players, "1, now that Ada is there")
        if later.id != room.id:
            raise says.changing_id(lab)


@check.part("each searcher gets its own answer", after=[answers])
async def each_its_own(lab: Lab) -> None:
    """Look at who got none in the first part."""
    if lab.shared["unheard"]:
        raise says.mixed_up(lab, lab.shared["unheard"][0])


@check.part("what is no question gets no answer, and harms nobody", after=[answers])
async def noise(lab: Lab) -> None:
    """Send rubbish, a short question and a huge one, then a good one."""
    short = encode_probe(new_id()).replace(b" ", b"")
    async with room_server(lab) as (_, _, ports), Searcher() as searcher, Searcher() as stranger:
        await searcher.ask(ports, PATIENCE)
        for datagram in (*NOISE, short):
            stranger.send(datagram, ports)
        if await searcher.ask(ports, PATIENCE) is None:
            raise says.deafened(lab, "beacon.py", "the server answers no question any more")
        if stranger.heard:
            raise says.talkative(lab, stranger.heard[0][0])
        if trouble := lab.trouble("crashed", "logged"):
            raise says.stumbled(trouble)


@check.part("the lobby shows a room that answers", after=[])
async def shown(lab: Lab) -> None:
    """One room, at the first of the ports."""
    with own_ports() as ports:
        async with answering(ports[0], "Quarry") as room, lobby(lab, ports) as program:
            if not await program.until(lambda: lists(program, room)):
                raise says.not_shown(lab, program, room)
            lab.shared["rate"] = await pace(program)
            lab.shared["blocked"] = [t.place for t in program.troubles if t.kind == "blocked"]
            await program.until(lambda: len(room.askers) >= 3)
            lab.shared["askers"] = len(set(room.askers)), len(room.askers)


@check.part("the window goes on while it searches", after=[shown])
async def smooth_search(lab: Lab) -> None:
    """Look at the frames of the part before."""
    if lab.shared["rate"] < FEWEST_FRAMES:
        raise says.jerky(lab, lab.shared["rate"], lab.shared["blocked"])


@check.part("all questions come from one socket", after=[shown])
async def one_socket(lab: Lab) -> None:
    """Look at the ports from which the lobby has asked."""
    sockets, questions = lab.shared["askers"]
    if sockets > 2:
        raise Wrong(
            "one socket for all questions, so that late answers are heard, too",
            f"{questions} questions came from {sockets} different ports",
            "each question opens a socket of its own, and it stays open",
            place=lab.stage.find("browser.py", r"searching_socket\(|socket\.socket\(|datagram_endpoint"),
            hint="open the socket once, in __aenter__, and use it for every question",
        )


@check.part("rooms at all four ports are found", after=[smooth_search])
async def all_ports(lab: Lab) -> None:
    """A room at each; two have one name, and one hears every question on two networks."""
    with own_ports() as (a, b, c, d):
        one, two, both = answering(b, "Gem Rush"), answering(c, "Gem Rush"), answering(d, "Pond", twice=True)
        async with (
            answering(a, "Quarry", every=3) as quarry,
            one,
            two,
            contextlib.AsyncExitStack() as until_closed,
            lobby(lab, range(a, d + 1)) as program,
        ):
            await until_closed.enter_async_context(both)
            rooms = [quarry, one, two, both]
            await program.until(lambda: lists(program, *rooms))
            if not lists(program, quarry, both) or not (one.askers and two.askers):
                raise says.some_missing(lab, program, rooms)
            lab.shared["namesakes"] = lists(program, one, two)
            await program.until(lambda: len(both.askers) >= 3)
            await until_frames(program, 3)
            lab.shared["rows"] = [row for row in listed(program) if row.endswith(f":{d}")]
            lab.shared["news"] = await told_anew(program, both)
            seen = len(program.frames)
            await until_closed.aclose()
            gone = await program.until(lambda: not lists(program, both), GONE_SECONDS)
            lab.shared["gone"], lab.shared["gaps"] = gone, gaps(program.frames[seen:], quarry)


@check.part("two rooms with one name are two", after=[all_ports])
async def namesakes(lab: Lab) -> None:
    """Look at the rooms of the part before: two have kept the name that a room has by itself."""
    if not lab.shared["namesakes"]:
        raise Wrong(
            'two rows "Gem Rush", with two addresses',
            "only one, although both rooms have answered",
            "rooms are kept by name, and a second one of that name takes the place of the first",
            place=lab.stage.find("browser.py", r"_rooms\[|\.name"),
            hint="self._rooms[room.id] = room: the id of a room is random, and no other has it",
        )


@check.part("a room that answers at two addresses is listed once", after=[all_ports])
async def listed_once(lab: Lab) -> None:
    """Look at the room that hears every question on two networks."""
    if len(rows := lab.shared["rows"]) != 1:
        raise Wrong(
            "one row for one room, although it answers from two addresses",
            f"{len(rows)} rows, of {' and '.join(rows)}",
            "rooms are told apart by where the answer came from",
            place=lab.stage.find("browser.py", r"_rooms\["),
            hint="self._rooms[room.id] = room: the id is the same, whatever way the answer took",
        )


@check.part("what a room says anew is shown", after=[all_ports])
async def renewed(lab: Lab) -> None:
    """Look whether players who came were shown."""
    if (news := lab.shared["news"]) != NEWS:
        raise Wrong(
            f"the lobby shows {NEWS} players, once the room has said so",
            f"it still shows {news}",
            "the first answer of a room is kept, and a newer one is left out",
            place=lab.stage.find("browser.py", r"_rooms\[|setdefault|not in"),
            hint="self._rooms[room.id] = room each time that the room answers",
        )


@check.part("a room that stops disappears, and the others stay", after=[renewed])
async def stopped(lab: Lab) -> None:
    """Look at what became of a room that was closed, and of one of which some answers were lost."""
    if not lab.shared["gone"]:
        raise says.never_gone(lab)
    if lab.shared["gaps"]:
        raise says.gone_too_soon(lab)


@check.part("what strangers send changes nothing in the lobby", after=[smooth_search])
async def strangers(lab: Lab) -> None:
    """Each answer has rubbish around it, and an answer that nobody has asked for."""
    forged = encode_answer(described("A stranger", 9), new_id())
    with own_ports() as ports:
        room = AnsweringRoom(ports[0], described("Quarry", 4001), besides=(*NOISE, forged))
        async with room, lobby(lab, ports) as program:
            alive = await program.until(lambda: lists(program, room) and len(room.askers) > 1)
            room.info = msgspec.structs.replace(room.info, players=3)
            news = alive and await program.until(lambda: "3 of 32" in newest(program).texts)
            if trouble := lab.trouble("crashed", "logged"):
                raise says.stumbled(trouble)
            if not news:
                raise says.deafened(lab, "browser.py", "the lobby hears no answer any more")
            if any("A stranger" in frame.texts for frame in program.frames):
                raise says.forged_room(lab)


@check.part("a typed address works when nobody answers", after=[])
async def typed(lab: Lab) -> None:
    """A network that lets no broadcast through."""
    with own_ports() as ports:
        async with game(lab) as (server, joined), lobby(lab, ports) as program:
            type_in(program, f"127.0.0.1:{server.port}")
            press(program, "return")
            if not await program.until(joined.is_set):
                raise says.not_joined(lab, program, "the typed address")


@check.part("Enter goes to the chosen room, and the game begins", after=[namesakes])
async def chosen(lab: Lab) -> None:
    """Two rooms of netlib; the second one is chosen."""
    with own_ports() as ports:
        async with (
            game(lab, "Alder", ports) as (_, other),
            game(lab, "Birch", ports) as (server, joined),
            lobby(lab, ports) as program,
        ):
            await program.until(lambda: len(listed(program)) == 2)
            press(program, "down")
            press(program, "return")
            if not await program.until(joined.is_set) or other.is_set():
                raise says.not_joined(lab, program, f"{server.name}, the second room")
            if not await program.until(lambda: newest(program).me):
                raise says.not_joined(lab, program, f"{server.name}, and its game is shown")
