"""Step 07: who is new gets the whole world, everybody what changes, once; the client keeps a true copy."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec

import netlib
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Place, Wrong
from workshop.checks.findings import wrong
from workshop.checks.hands import until
from workshop.checks.listeners import Collections, Delta, Fields, Full, fields, joined, repeated, unlike
from workshop.game.entities import ROUND_ID, Player, Resource, Round
from workshop.game.maps import make_map
from workshop.game.messages import Move

SEED = 316
OTHER = "90"  # the id of a player whom only our server knows
SHARE = 4  # a change is smaller than the whole world by this factor, at least
check = Check("step07_state_sync", files=["messages.py", "sync.py", "server.py", "client.py"])


@check.part("a newcomer gets the whole world before anything else")
async def whole_first(lab: Lab) -> None:
    """One client."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.heard)
        if not ada.heard or isinstance(ada.heard[0][0], Delta):
            await until(lambda: len(ada.heard) > 5, 1.0)
            raise not_first(lab, [message for message, _ in ada.heard])
        missing = [name for name in ("resources", "round") if not ada.copy.get(name)]
        if missing:
            raise empty(lab, missing)


@check.part("who is there gets what changes, and not the rest")
async def changes(lab: Lab) -> None:
    """A step to the right."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.me)
        delta = await ada.step()
        if "x" not in delta.set.get("players", {}).get(ada.id, {}):
            raise no_change(lab)
        most, size = len(msgspec.json.encode(ada.heard[0][0])), len(msgspec.json.encode(delta))
        if size * SHARE > most:
            raise too_large(lab, size, most, sum(map(len, delta.set.values())))


@check.part("nothing is sent twice")
async def once(lab: Lab) -> None:
    """Ben stands still, while Ada takes some steps."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.me)
        async with joined(port, "Ben") as ben:
            await until(lambda: ben.me and ben.id in ada.copy["players"])
            begun = len(ada.heard)
            for _ in range(4):
                await ada.step()
            if any(isinstance(message, Full) for message, _ in ada.heard[1:]):
                raise full_again(lab)
            for message, before in ada.heard[begun + 1 :]:
                if again := next(repeated(message, before), None):
                    raise twice(lab, *again)


@check.part("what is gone is told, once")
async def gone(lab: Lab) -> None:
    """Ben comes and goes; then Ada takes a step."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.me)
        async with joined(port, "Ben") as ben:
            await until(lambda: ben.id in ada.copy["players"])
        await until(lambda: ben.id not in ada.copy["players"])
        if ben.id in ada.copy["players"]:
            raise ghost(lab)
        ids = [
            id
            for message, _ in ada.heard
            if isinstance(message, Delta)
            for id in message.gone.get("players", [])
        ]
        if not all(isinstance(id, str) for id in ids):
            raise numbers(lab, ids)
        again = (await ada.step()).gone.get("players")
        if again:
            raise gone_again(lab, again)


@check.part("who comes late has the same world as who was there early")
async def late(lab: Lab) -> None:
    """Ada moves, Cem comes and goes, then Ben comes."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.me)
        async with joined(port, "Cem"):
            for _ in range(3):
                await ada.step()
        async with joined(port, "Ben") as ben:
            await until(lambda: ben.me and ben.id in ada.copy["players"])
            for _ in range(2):
                await ada.step()
            await until(lambda: ada.copy == ben.copy)
            if found := next(unlike(ada.copy, ben.copy), None):
                raise different(lab, *found)


class Room:
    """A room of ours that tells their client what we say."""

    def __init__(self, port: int) -> None:
        self.server = netlib.Server("check", host="127.0.0.1", port=port, input_type=Move, discoverable=False)
        self.spots = make_map(SEED).spawns
        self.me = ""
        self.server.on(netlib.Joined, self._joined)

    def world(self, *resources: str, others: bool = True) -> Collections:
        """A world with their player, another one, and these resources."""
        players = {self.me: self._player("Ada", 0)} | ({OTHER: self._player("Ben", 5)} if others else {})
        gems = {id: fields(Resource("gem", *self.spots[int(id)])) for id in resources}
        round = Round(SEED, phase="playing", ends_at=10_000)
        return {"players": players, "resources": gems, "round": {str(ROUND_ID): fields(round)}}

    def tell(self, message: Full | Delta) -> None:
        """Send something to their client."""
        self.server.broadcast(message)

    def _player(self, name: str, spot: int) -> Fields:
        return fields(Player(name, 1, *self.spots[spot]))

    def _joined(self, event: netlib.Joined) -> None:
        self.me = str(event.peer.id)
        event.peer.send(Full(self.world("3", "12")))


@contextlib.asynccontextmanager
async def windowed(lab: Lab) -> AsyncIterator[tuple[Room, Program]]:
    """Their client in a room of ours, when it has shown the first world; or has not."""
    room = Room(port := lab.ports.free())
    address = ("--host", "127.0.0.1", "--port", port, "--name", "Ada")
    async with room.server, lab.program("client", *address, window=True) as program:
        await program.until(lambda: program.frames or program.exit_code is not None, 15.0)
        await program.until(lambda: shown(program) or program.exit_code is not None)
        yield room, program


def shown(program: Program) -> dict[str, tuple[int, int]]:
    """The players in the newest frame, by id."""
    scene = program.frames[-1].scene if program.frames else None
    return {str(id): place for id, place in (scene or {}).items()}


def lying(program: Program) -> list[int]:
    """The resources in the newest frame."""
    return sorted(program.frames[-1].resources)


@check.part("the client shows the world of a snapshot, all of it and nothing else", after=[])
async def shows(lab: Lab) -> None:
    """Our server sends one; and then another with less in it, as after a restart."""
    async with windowed(lab) as (room, program):
        if set(shown(program)) != {room.me, OTHER} or lying(program) != [3, 12]:
            raise not_shown(lab, program)
        room.tell(Full(room.world("3", others=False)))
        if not await program.until(lambda: (list(shown(program)), lying(program)) == ([room.me], [3])):
            raise added(lab, program)


@check.part("the client changes what a delta names, takes away what is gone, and leaves the rest")
async def follows(lab: Lab) -> None:
    """The own player has another x, and a resource is new; then a resource and a player are gone."""
    async with windowed(lab) as (room, program):
        (x, y), other = shown(program)[room.me], shown(program)[OTHER]
        gem = {"40": fields(Resource("gem", x, y))}
        room.tell(Delta(set={"players": {room.me: {"x": x + 640}}, "resources": gem}))
        wanted = {room.me: (x + 640, y), OTHER: other}
        await program.until(lambda: program.exit_code is not None or lying(program) == [3, 12, 40])
        if shown(program) != wanted or lying(program) != [3, 12, 40]:
            raise not_merged(lab, program)
        room.tell(Delta(gone={"resources": ["12"], "players": [OTHER]}))
        if not await program.until(lambda: OTHER not in shown(program) and lying(program) == [3, 40]):
            raise stays(lab, program)


def not_first(lab: Lab, heard: list[Full | Delta]) -> Wrong:
    """No snapshot came first."""
    later = any(isinstance(message, Full) for message in heard)
    if heard and later:
        saw, cause = "the first message is a delta", "the snapshot is sent after a delta that builds upon it"
    elif heard:
        saw = f"no snapshot came, only deltas: {len(heard)}"
        cause = "nobody sends a newcomer a snapshot, so it does not know what the deltas change"
    else:
        saw, cause = f"nothing came for {PATIENCE:.0f} seconds", "nothing is sent to a newcomer at all"
    return wrong(
        lab,
        "the first message for a newcomer is a snapshot, and deltas follow",
        saw,
        cause,
        place=lab.stage.find("server.py", r"snapshot_of\(") or lab.stage.function("server.py", "joined"),
        hint="in joined: event.peer.send(snapshot_of(self.sent)), before the next tick sends a delta",
    )


def empty(lab: Lab, missing: list[str]) -> Wrong:
    """There is nothing in the snapshot."""
    return wrong(
        lab,
        "the snapshot for a newcomer has the players, the resources and the round",
        f"it has no {' and no '.join(missing)}",
        "the snapshot is not made of the whole state",
        place=lab.stage.find("server.py", r"snapshot_of\("),
        hint="event.peer.send(snapshot_of(self.sent)), where self.sent is the state that everybody has",
    )


def no_change(lab: Lab) -> Wrong:
    """A step was not told."""
    return wrong(
        lab,
        "Ada takes a step, and a delta says where she is now",
        f"no delta with her in it for {PATIENCE:.0f} seconds",
        "no difference is found: what was sent and what is new may be one and the same dictionary",
        place=lab.stage.find("server.py", r"self\.sent\b.*=(?!.*difference)(?!.*plain\(world)"),
        hint="newest = plain(self.world.state) is a new copy in every tick; compare it with the one before",
    )


def too_large(lab: Lab, size: int, most: int, entities: int) -> Wrong:
    """A delta is nearly as large as a snapshot."""
    identity = lab.stage.find("sync.py", r"\bis not (it|fields|entity|value|entities|new)\b|\bid\(")
    return wrong(
        lab,
        "a delta has what has changed: one step of one player",
        f"it has {entities} entities in {size} bytes; the whole world takes {most}",
        "things are compared by identity, and every tick has new copies of them all"
        if identity
        else "the delta has everything, changed or not",
        place=identity or lab.stage.function("sync.py", "difference"),
        hint="compare values with !=, and leave out entities that have no news",
    )


def full_again(lab: Lab) -> Wrong:
    """Everybody gets a snapshot when somebody joins."""
    return wrong(
        lab,
        "when Ben joins, Ben gets a snapshot; Ada has the world already",
        "Ada got another snapshot",
        "the snapshot goes to everybody in the room",
        place=lab.stage.find("server.py", r"snapshot_of\("),
        hint="event.peer.send(…) sends to one, self.server.broadcast(…) to all",
    )


def twice(lab: Lab, name: str, id: str) -> Wrong:
    """A delta repeats what is known."""
    return wrong(
        lab,
        "a delta says only what nobody has been told yet",
        f"a delta repeats {name} {id}, of which nothing has changed",
        "what everybody has is not remembered: the difference is still from an older state",
        place=lab.stage.function("server.py", "share"),
        hint="self.sent = newest, as the last line of share",
    )


def ghost(lab: Lab) -> Wrong:
    """Who left is still there."""
    return wrong(
        lab,
        "Ben leaves, and a delta has his id under gone",
        f"no delta says so for {PATIENCE:.0f} seconds: he stays as a ghost",
        "the difference looks at what is there now, and never at what was there before",
        place=lab.stage.find("sync.py", r"gone\[|\.gone"),
        hint="[str(id) for id in before if id not in entities]",
    )


def numbers(lab: Lab, ids: list[Any]) -> Wrong:
    """Ids travel as numbers."""
    return wrong(
        lab,
        'the ids under gone are strings, as messages.py has it: {"players": ["2"]}',
        f"they are numbers: {ids}",
        "the client refuses such a message: its type does not fit list[str]",
        place=lab.stage.find("sync.py", r"gone\[|\.gone"),
        hint="str(id), as for the keys of set",
    )


def gone_again(lab: Lab, ids: list[Any]) -> Wrong:
    """A later delta has the same id under gone."""
    default = shared_default(lab)
    return wrong(
        lab,
        "the id of who left is in one delta",
        f"a later delta has it again: {ids}",
        "a default value is made once, when the function is defined, and all calls share it"
        if default
        else "the list of what is gone is never emptied",
        place=default or lab.stage.find("sync.py", r"gone"),
        hint="make the dictionaries inside of the function, anew for each call",
    )


def shared_default(lab: Lab) -> Place | None:
    """A function of sync.py that has a dictionary or a list as a default."""
    return lab.stage.find("sync.py", r"def .*=\s*(\{|\[|Delta\(|dict\(|list\()")


def different(lab: Lab, what: str, early: Fields | None, late: Fields | None) -> Wrong:
    """Two copies are not the same."""
    lacks = only_false(early or {}, late or {})
    return wrong(
        lab,
        "Ben, who comes late, has the same world as Ada, who was there early",
        f"of {what} Ada has {short(early)}, and Ben {short(late)}",
        f"{' and '.join(sorted(lacks))} of a new entity is not sent: what counts as false is a value, too"
        if lacks
        else "Ben's snapshot is of another state than the deltas that follow build upon",
        place=lab.stage.function("sync.py", "news") if lacks else lab.stage.find("server.py", r"\.send\("),
        hint="compare with !=, whatever the value is"
        if lacks
        else "send snapshot_of(self.sent): that is what the next delta starts from",
    )


def short(entity: Fields | None) -> str:
    """An entity in a few words."""
    return "nothing" if entity is None else str(entity)[:90]


def only_false(one: Fields, other: Fields) -> set[str]:
    """The fields that only one copy has, when all of them count as false; else none."""
    lacks = {*one} ^ {*other}
    return set() if not (one and other) or any((one | other)[name] for name in lacks) else lacks


def not_shown(lab: Lab, program: Program) -> Wrong:
    """The first world is not in the window."""
    scene = program.frames[-1].scene if program.frames else None
    return wrong(
        lab,
        "a snapshot with two players and two resources: the window shows them",
        f"it shows the players {[*scene]} and the resources {lying(program)}"
        if scene is not None
        else "the window shows no world",
        'the ids of the snapshot are still strings, as JSON has them: "0" is not 0',
        place=lab.stage.function("sync.py", "state_of"),
        hint="{int(id): fields for id, fields in entities.items()}, for each collection",
    )


def not_merged(lab: Lab, program: Program) -> Wrong:
    """A delta was not merged."""
    crash = program.trouble("crashed")
    strings = crash is not None and "got `str`" in crash.message
    if crash:
        saw = f"the client ended with {crash}"
    else:
        saw = f"it shows the players {shown(program)} and the resources {lying(program)}"
    return Wrong(
        "a delta with only an x of one player: that changes, its other fields stay; what is new appears",
        saw,
        'the ids of the delta are strings, so that "1" stands beside 1'
        if strings
        else "the fields in a delta take the place of the whole entity",
        place=lab.stage.function("sync.py", "apply"),
        hint="known[int(id)] = known.get(int(id), {}) | fields",
        sure=crash is None or "validation" in crash.name.lower(),
    )


def stays(lab: Lab, program: Program) -> Wrong:
    """Something gone is still shown."""
    return wrong(
        lab,
        f'a delta with gone={{"resources": ["12"], "players": ["{OTHER}"]}}: both disappear',
        f"the window shows the players {list(shown(program))} and the resources {lying(program)}",
        "what is gone is not taken out of the copy; its ids come as strings, the copy has numbers",
        place=lab.stage.find("sync.py", r"delta\.gone|\.pop\(|\bdel ")
        or lab.stage.function("sync.py", "apply"),
        hint="for each id of each collection: after[name].pop(int(id), None)",
    )


def added(lab: Lab, program: Program) -> Wrong:
    """A second snapshot has not replaced what was known."""
    return wrong(
        lab,
        f"a second snapshot without player {OTHER} and without resource 12: both disappear",
        f"the window shows the players {list(shown(program))} and the resources {lying(program)}",
        "the snapshot is added to what was known, as if it were a delta",
        place=lab.stage.find("client.py", r"case Snapshot|state_of\("),
        hint="self.state = state_of(message): a snapshot is the whole truth",
    )
