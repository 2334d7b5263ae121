"""What the check of step 07 says about each mistake."""

from __future__ import annotations

from typing import Any

from workshop.checking.lab import Lab
from workshop.checking.peers.listeners import Delta, Fields, Full
from workshop.checking.peers.telling_room import OTHER, lying, shown
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Place, Wrong
from workshop.checks.findings import wrong


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
