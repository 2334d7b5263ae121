"""Step 08: the server answers those who search; the lobby finds rooms, forgets them, and never waits."""

import asyncio
import contextlib
from collections.abc import Sequence

import msgspec

import netlib
from netlib.discovery.beacon import encode_answer, encode_probe, new_id
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.discovery_programs import (
    ASK_EVERY,
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
    rows_at,
    told_anew,
    type_in,
    until_frames,
)
from workshop.checking.peers.scripted_discovery import (
    AnsweringRoom,
    Searcher,
    described,
    other_host,
    own_ports,
)
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checks.step08_discovery.causes import CAUSES

WHILE, MANY = 4 * ASK_EVERY, 10  # seconds in which 4 or 5 questions are usual, and these are too many
AFTERWARDS = 3 * ASK_EVERY  # seconds in which a search that has ended asks nothing
FILES = ["beacon.py", "browser.py", "server.py", "client.py"]
check = Check("step08_discovery", files=FILES, causes=CAUSES)


@check.part("the server answers those who search, each at the address that has asked", todo="08.1")
async def answers(lab: Lab) -> None:
    """Ada asks at all four ports; then Ben asks, from another network, and Ada again."""
    async with room_server(lab) as (program, _, ports), Searcher() as ada, Searcher(other_host()) as ben:
        expected = f"a question at UDP port {ports[0]} is answered, to the address that has asked"
        if await ada.ask(ports, PATIENCE) is None:
            raise unanswered(program, ada, ports, expected)
        for host in (bound.host for bound in program.bound if bound.kind == "udp" and bound.port in ports):
            if host not in EVERY_INTERFACE:
                expected = "the beacon listens on 0.0.0.0, which is every network that the machine is on"
                because = "what other machines send does not come in at that address"
                hint = 'answering_socket("0.0.0.0", self._ports)'
                place = lab.stage.find("beacon.py", r"answering_socket\(|local_addr|bind\(")
                saw = f"it listens on {host}"
                raise Wrong(expected, saw, "narrow", because=because, hint=hint, place=place)
        for who, name in ((ben, f"Ben, at {ben.host},"), (ada, "Ada, at her second question,")):
            if not await who.ask(ports, PATIENCE):
                expected = "Ada asks, then Ben, then Ada: each time the one who has asked gets the answer"
                raise Wrong(expected, f"{name} got none", "mixed_up")


def unanswered(program: Program, searcher: Searcher, ports: Sequence[int], expected: str) -> Wrong:
    """No answer came to Ada."""
    if program.exit_code is not None:
        return program.ended_early(expected)
    if not any(bound.kind == "udp" and bound.port in ports for bound in program.bound):
        return Wrong(expected, f"the server has opened no UDP port from {ports[0]} to {ports[-1]}", "no_port")
    if searcher.heard:
        saw = f"{searcher.heard[0][0][:60]!r} came, which is no answer to this question"
        return Wrong(expected, saw, "no_answer_to_it")
    return Wrong(expected, f"nothing came within {PATIENCE:.0f} seconds", "unanswered")


@check.part("a datagram that is no question gets no answer, and does no harm", after=[answers], todo="08.1")
async def noise(lab: Lab) -> None:
    """Send rubbish, a short question and a huge one, then a good one."""
    short = encode_probe(new_id()).replace(b" ", b"")
    async with room_server(lab) as (_, _, ports), Searcher() as searcher, Searcher() as stranger:
        await searcher.ask(ports, PATIENCE)
        for datagram in (*NOISE, short):
            stranger.send(datagram, ports)
        if await searcher.ask(ports, PATIENCE) is None:
            expected = "after datagrams that make no sense the server answers questions as before"
            raise Wrong(expected, "it answers no more", "deafened")
        if stranger.heard:
            expected = "what is no question, or a question of less than 256 bytes, gets no answer"
            raise Wrong(expected, f"it got one of {len(stranger.heard[0][0])} bytes", "talkative")


@check.part("the answer says what is true now", after=[answers], todo="08.2")
async def truth(lab: Lab) -> None:
    """Ask, let a spectator join, and a player who leaves again; ask each time."""
    async with room_server(lab) as (_, port, ports), Searcher() as searcher:
        room = await searcher.ask(ports, PATIENCE)
        if room is None:
            raise Wrong("a question is answered", f"nothing came within {PATIENCE:.0f} seconds", "unanswered")
        most = netlib.Limits().max_players
        for what, said, true in (
            ("name", room.name, NAME),
            ("port", room.port, port),
            ("max_players", room.max_players, most),
            ("players", room.players, 0),
        ):
            if said != true:
                raise Wrong(f"the answer says that {what} is {true}", f"it says {said}", f"untrue_{what}")
        address = f"127.0.0.1:{port}"
        async with netlib.connect(address, name="Zoe", spectator=True):
            async with netlib.connect(address, name="Ada"):
                later = await searcher.ask(ports, PATIENCE, lambda it: it.players == 1 or it.id != room.id)
            if later is None:
                expected = "the answer says that players is 1, now that Ada plays, and Zoe watches"
                raise Wrong(expected, f"it says {searcher.answers()[-1].players}", "old_players")
            if later.id != room.id:
                expected, saw = "every answer of a server has the same id", "the second has another one"
                raise Wrong(expected, saw, "other_id")
            if await searcher.ask(ports, PATIENCE, lambda it: it.players == 0) is None:
                expected = "the answer says that players is 0 again, now that Ada has left"
                raise Wrong(expected, f"it says {searcher.answers()[-1].players}", "old_players")


@check.part("the client asks every host at every port", todo="08.3")
async def asks(lab: Lab) -> None:
    """A room at each of the four ports, of two addresses."""
    hosts = list(dict.fromkeys(("127.0.0.1", other_host())))
    with own_ports() as ports:
        ears = [answering(port, f"{host} {port}", host=host) for host in hosts for port in ports]
        async with contextlib.AsyncExitStack() as stack:
            for ear in ears:
                await stack.enter_async_context(ear)
            program = await stack.enter_async_context(lobby(lab, ports))
            goes_on = "the lobby asks and goes on"
            await program.reaches(lambda: all(ear.asked for ear in ears), expected=goes_on)
            if deaf := [f"{ear.host}:{ear.port}" for ear in ears if not ear.asked]:
                expected = f"questions to {' and '.join(hosts)}, each at the ports {ports[0]} to {ports[-1]}"
                if len(deaf) == len(ears):
                    raise Wrong(expected, f"none came within {PATIENCE:.0f} seconds", "nothing_asked")
                raise Wrong(expected, f"none came to {', '.join(deaf)}", "not_all_asked")
            await asked(program, ears[0], 2)


async def asked(program: Program, room: AnsweringRoom, times: int) -> None:
    """Wait for so many questions."""
    if not await program.until(lambda: len(room.asked) >= times):
        saw = f"{len(room.asked)} came, and in {PATIENCE:.0f} seconds no more"
        raise Wrong(f"a question comes every {ASK_EVERY} seconds", saw, "asks_no_more")


@check.part("every room that answers is listed once, as its newest answer says", after=[asks], todo="08.4")
async def listing(lab: Lab) -> None:
    """Two rooms have one name, one is on another network, and one hears every question on both networks."""
    with own_ports() as (a, b, c, d):
        one, two, both = answering(b, "Gem Rush"), answering(c, "Gem Rush"), answering(d, "Pond", twice=True)
        far = answering(a, "Quarry", host=other_host())
        async with far, one, two, both, lobby(lab, range(a, d + 1)) as program:
            await program.until(lambda: lists(program, far, one, two) and rows_at(program, d))
            rows = listed(program)
            saw = f"the rows {', '.join(rows)}" if rows else "no row"
            if not rows_at(program, d) or not lists(program, far):
                expected = f"a row with {far.address}, and one with port {d}: both have answered"
                wrong_host = any(row.endswith(f":{a}") for row in rows)
                symptom = "wrong_host" if wrong_host else "missing" if rows else "none_listed"
                raise Wrong(expected, saw, symptom)
            if not lists(program, one, two):
                expected = f"two rooms with one name are two rows, {one.address} and {two.address}"
                raise Wrong(expected, saw, "one_by_name")
            await asked(program, both, 3)
            await until_frames(program, 3)
            if len(twice := rows_at(program, d)) != 1:
                expected = "one row for one room, although it answers from two addresses"
                raise Wrong(expected, f"{len(twice)} rows: {', '.join(twice)}", "twice")
            if (news := await told_anew(program, both)) != NEWS:
                expected = f"the lobby shows {NEWS} players, once the room has said so"
                raise Wrong(expected, f"it still shows {news}", "old_news")


@check.part("what strangers send changes nothing in the lobby", after=[asks], todo="08.4")
async def strangers(lab: Lab) -> None:
    """Each answer has rubbish around it, and an answer that nobody has asked for."""
    forged = encode_answer(described("A stranger", 9), new_id())
    with own_ports() as ports:
        room = AnsweringRoom(ports[0], described("Quarry", 4001), besides=(*NOISE, forged))
        async with room, lobby(lab, ports) as program:
            alive = await program.until(lambda: lists(program, room) and len(room.askers) > 1)
            room.info = msgspec.structs.replace(room.info, players=3)
            news = alive and await program.until(lambda: "3 of 32" in newest(program).texts)
            if any("A stranger" in frame.texts for frame in program.frames):
                expected = "an answer with a nonce that is not ours is left out"
                raise Wrong(expected, 'a room "A stranger" was listed', "forged")
            if not news:
                expected = "after datagrams that make no sense the lobby hears answers as before"
                raise Wrong(expected, "what a room answers is shown no more", "deafened")


@check.part("a room that stops disappears, and the others stay", after=[asks], todo="08.5")
async def forgets(lab: Lab) -> None:
    """One room is closed; of another one some answers are lost."""
    with own_ports() as ports:
        pond, quarry = answering(ports[1], "Pond"), answering(ports[0], "Quarry", every=3)
        async with quarry, contextlib.AsyncExitStack() as until_closed, lobby(lab, ports) as program:
            await until_closed.enter_async_context(pond)
            if not await program.until(lambda: lists(program, pond, quarry)):
                expected, rows = f"rows with {pond.address} and {quarry.address}", ", ".join(listed(program))
                raise Wrong(expected, f"the rows {rows}" if rows else "no row", "none_listed")
            seen = len(program.frames)
            await until_closed.aclose()
            end = pond.answered[-1] + GONE_SECONDS
            await program.until(
                lambda: not lists(program, pond) or newest(program).time > end, GONE_SECONDS + PATIENCE
            )
            if lists(program, pond):
                expected = f"a room that is silent for five intervals, {5 * ASK_EVERY} s, is listed no more"
                saw = f"it still is {GONE_SECONDS} seconds after its last answer"
                raise Wrong(expected, saw, "never_gone")
            if gaps(program.frames[seen:], quarry):
                expected = "a room that answers stays in the list; one lost answer or two are normal"
                raise Wrong(expected, "a second after an answer it was missing", "gone_too_soon")


@check.part(
    "the window goes on while it searches, once an interval, with one socket", todo="08.6", timed=True
)
async def searches(lab: Lab) -> None:
    """Frames in a second, questions in some intervals, and the ports that they come from."""
    with own_ports() as ports:
        async with answering(ports[0], "Quarry") as room, lobby(lab, ports) as program:
            rate = await pace(program)
            if rate < FEWEST_FRAMES:
                expected = f"at least {FEWEST_FRAMES} frames in a second, also while it searches"
                raise Wrong(expected, f"{rate:.0f} frames", "jerky")
            await asked(program, room, 3)
            begin = netlib.clock()
            await program.until(lambda: netlib.clock() > begin + WHILE, WHILE + 1)
            lately = sum(begin < at < begin + WHILE for at in room.asked)
            if lately > MANY:
                expected = f"about {WHILE / ASK_EVERY:.0f} questions in {WHILE} s: one every {ASK_EVERY}"
                raise Wrong(expected, f"{lately} questions", "asks_too_often")
            if (sockets := len(set(room.askers))) > 2:
                expected = "one socket for all questions, so that late answers are heard, too"
                raise Wrong(expected, f"{len(room.askers)} questions from {sockets} ports", "many_sockets")


@check.part("a typed address works when nobody answers", todo="08.6")
async def typed(lab: Lab) -> None:
    """A network that lets no broadcast through."""
    with own_ports() as ports:
        async with game(lab) as (server, joined), lobby(lab, ports) as program:
            type_in(program, f"127.0.0.1:{server.port}")
            press(program, "return")
            await joins(program, joined, "the typed address")


@check.part("Enter goes to the chosen room, the game begins, and the search ends", after=[asks], todo="08.6")
async def chosen(lab: Lab) -> None:
    """Two rooms of netlib; the lower one is chosen."""
    with own_ports() as ports:
        async with (
            game(lab, "Alder", ports) as a,
            game(lab, "Birch", ports) as b,
            lobby(lab, ports) as program,
        ):
            if not await program.until(lambda: len(listed(program)) == 2):
                expected, rows = "two rows, for two rooms of netlib", ", ".join(listed(program))
                raise Wrong(expected, f"the rows {rows}" if rows else "no row", "none_listed")
            lower = listed(program)[1]
            (_, other), (server, joined) = sorted((a, b), key=lambda it: lower.endswith(f":{it[0].port}"))
            press(program, "down")
            press(program, "return")
            await joins(program, joined, f"{server.name}, the lower room", other)
            if not await program.until(lambda: newest(program).me):
                raise Wrong("the game is shown in the window", "the window does not show it", "no_game")
            await asyncio.sleep(ASK_EVERY)
            before = len(asked_at(program, ports))
            await asyncio.sleep(AFTERWARDS)
            if more := asked_at(program, ports)[before:]:
                expected = "when a room is chosen, the search ends"
                saw = f"it goes on while the game runs: {len(more)} more datagrams in {AFTERWARDS:.1f} s"
                raise Wrong(expected, saw, "search_goes_on")


async def joins(
    program: Program, joined: asyncio.Event, where: str, other: asyncio.Event | None = None
) -> None:
    """Look whether Enter leads into that game, and into no other."""
    expected = f"Enter leads to {where}"
    await program.reaches(lambda: joined.is_set() or (other and other.is_set()), expected=expected)
    if not joined.is_set():
        went = "the client went to the other room" if other and other.is_set() else "nobody joined there"
        words = [text for text in newest(program).texts if " " in text]
        raise Wrong(expected, f"{went}; the window says: {'; '.join(words[-3:])}", "not_joined")


def asked_at(program: Program, ports: Sequence[int]) -> list[int]:
    """The ports of rooms to which the client has sent datagrams, or tried to."""
    return [sent.port for sent in program.sent if sent.port in ports]
