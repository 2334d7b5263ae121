"""Every table on PROTOCOL.md says what the code says."""

import json
import re

import msgspec
import pytest

import netlib
from netlib.client import client, reconnect
from netlib.discovery import beacon
from netlib.play import inputs
from netlib.protocol import frames, messages
from netlib.rooms import directory, room
from netlib.server import connections, host, http, incoming, peer, roster
from netlib.session import delivery, names, parts, sessions
from netlib.state import sync
from netlib.transport import connection, dispatch, requests
from tests.support.page import PAGE, ROOT, section, tables
from tests.support.wire import UNCOUNTED, Frame
from workshop.game.rules import entities, maps, units
from workshop.game.rules import messages as game_messages

FRAMES: dict[str, list[type[msgspec.Struct]]] = {
    "`hello`": [frames.Hello],
    "`welcome`": [frames.Welcome],
    "`refused`": [frames.Refusal],
    "`snapshot`": [frames.Snapshot],
    "`input`": [game_messages.Move],
    "`part`": [frames.Part],
    "`ack`": [frames.Ack],
    "`request`": [frames.Request],
    "`reply`": [frames.Reply],
    "`command`": [frames.Command],
    "`room`": [frames.RoomState],
    "`ping`": [frames.Ping],
    "`pong`": [frames.Pong],
    "`error`": [frames.ErrorReply],
    "`chat`": [game_messages.Chat],
    "`notice`": [game_messages.Notice],
    "15. Discovery": [beacon.RoomInfo],
    "18. Many rooms": [frames.Join],
}
BOUNDS = ("minimum", "exclusiveMinimum", "minLength"), ("maximum", "exclusiveMaximum", "maxLength")


@pytest.mark.parametrize("heading", FRAMES)
def test_table_of_a_frame(heading: str) -> None:
    """Each frame's table has the fields of the code, with their types, defaults and ranges."""
    documented = {row[0]: tuple(row[1:4]) for table in tables(heading) for row in table}
    (kind,) = FRAMES[heading]
    assert documented == {field: _described(*part, documented) for field, part in _fields(kind).items()}


def _fields(kind: type[msgspec.Struct]) -> dict[str, tuple[str, Frame, bool]]:
    schema = next(iter(msgspec.json.schema(kind)["$defs"].values()))
    properties: dict[str, Frame] = schema["properties"]
    return {
        name: (name, _present(part), name in schema["required"])
        for name, part in properties.items()
        if name != "type"
    }


def _present(part: Frame) -> Frame:
    """Return what a field is where it is not left out; null, where it may be that, is as good as absent."""
    kinds = [kind for kind in part.get("anyOf", ()) if kind.get("type") != "null"]
    return kinds[0] if len(kinds) == 1 and part.get("default", ...) is None else part


def _described(
    name: str, part: Frame, required: bool, documented: dict[str, tuple[str, ...]]
) -> tuple[str, str, str]:
    if {"type": "null"} in part.get("anyOf", ()):  # null is as good as absent
        (part,) = (option for option in part["anyOf"] if option != {"type": "null"})
    default = json.dumps(part["default"], separators=(",", ":")) if "default" in part else "absent"
    untyped = "string" if "enum" in part else "object" if "$ref" in part else "any"
    kind = str(part.get("type", untyped)).replace("array", "list")
    shown = documented.get(name, ("", "", ""))[1]
    return kind, _range(part, shown), "required" if required else default


def _range(part: Frame, shown: str) -> str:
    """Return the range as the page shows it, when it says what the code says; else the code's."""
    part = part["prefixItems"][0] if "prefixItems" in part else part
    actual = [next((float(part[key]) for key in keys if key in part), None) for keys in BOUNDS]
    if actual == [None, None]:
        return shown if shown in ("", f"1 to {names.MAX_NAME} characters") else ""
    numbers = [_number(text) for text in re.findall(r"-?\d+(?:\^\d+)?", shown)]
    if actual[0] is None:
        return shown if shown.startswith("at most ") and numbers == actual[1:] else f"{actual}"
    return shown if numbers == actual else f"{actual}"


def _number(text: str) -> float:
    base, _, exponent = text.lstrip("-").partition("^")
    size = float(int(base) ** int(exponent or 1))
    return -size if text.startswith("-") else size


def test_tables_of_the_world() -> None:
    """The collections of Gem Rush have the documented fields and types."""
    found = [{row[0]: row[1] for row in table} for table in tables("The world")]
    kinds = [_types(entities.SCHEMA[name]) for name in ("players", "resources", "round")]
    assert found == kinds
    assert re.findall(r"^`(\w+)`, ", section("The world"), re.MULTILINE) == list(entities.SCHEMA)


def _types(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {name: part.get("type", "string") for name, part, _ in _fields(kind).values()}


def test_words_of_the_world() -> None:
    """The documented kinds of resources and phases of a round are the code's."""
    meanings = {row[0]: set(re.findall(r"`(\w+)`", row[2])) for t in tables("The world") for row in t}
    words = {row: set(row.split()) for row in ("wood stone gem", "waiting countdown playing over")}
    assert set(entities.WORTH) == words["wood stone gem"]
    rows = re.findall(r"^\| `(kind|phase)` \|.*\| (.*) \|$", section("The world"), re.MULTILINE)
    assert [set(re.findall(r"`(\w+)`", text)) for _, text in rows] == list(words.values())
    assert meanings.keys() >= {"kind", "phase"}


def test_table_of_limits() -> None:
    """Every limit stands on the page with its default."""
    settings, fixed = tables("11. Limits")
    documented = {row[0]: float(row[1]) for row in settings}
    assert documented == {
        name: float(value) for name, value in msgspec.structs.asdict(netlib.Limits()).items()
    }
    assert {row[0].replace("`", ""): float(row[1]) for row in fixed} == {
        "characters of a name": names.MAX_NAME,
        "characters of a type": messages.MAX_TYPE_NAME,
        "bytes of a close reason": connection.MAX_REASON,
        "multiple of the message size that is not read": http.HARD_LIMIT,
        "error frames per second": connections.ERRORS_PER_SECOND,
        "error frames at once": connections.ERROR_BURST,
        "guesses of the host's password per second, from one address": host.GUESSES_PER_SECOND,
        "guesses of the host's password at once": host.GUESS_BURST,
        "wrong passwords of the room per second, from one address": host.GUESSES_PER_SECOND,
        "wrong passwords of the room at once": incoming.JOIN_GUESS_BURST,
        "wrong codes and ids of rooms per second, from one address": directory.GUESSES_PER_SECOND,
        "wrong codes and ids of rooms at once": directory.GUESS_BURST,
        "new rooms per second, for one address": directory.MADE_PER_SECOND,
        "new rooms at once, for one address": directory.MADE_BURST,
        "bytes of the metadata of a room": room.MAX_METADATA,
        "places of players who are away that one address keeps in any case": roster.AWAY_KEPT,
        "requests of large pages that wait": http.LARGE_WAITING,
        "bytes of a page from which it is large": http.LARGE,
        "seconds after which somebody who was sent away may ask again": int(http.RETRY_AFTER),
        "bytes of a frame above which it comes in parts": parts.LARGE,
        "bytes of a frame in one part, at most": parts.PART,
        "bytes of a frame in parts that a client should accept": parts.MAX_JOINED,
        "bytes that each waiting message counts for beside its own": delivery.COST,
        "bytes of messages that may wait for the confirmation of a client that has confirmed nothing": (
            delivery.MAX_UNPROVEN
        ),
        "seconds until the server confirms a message": peer.ACK_DELAY,
        "seconds of snapshots without an ack": sync.MAX_UNACKED,
        "bytes that may wait for a client that never acknowledges": sync.MAX_BUFFERED,
        "bytes that may wait for a client that acknowledges": sync.MAX_BUFFERED_ACKED,
        "inputs that may wait before a tick uses two": inputs.TARGET,
        "ticks after which a queue that was never empty gets shorter": inputs.WATCH,
        "inputs ahead of the ticks": inputs.BURST,
        "seconds of inputs that are kept": inputs.STALL,
        "bytes that may go past what waits to a client that does not read": connection.MAX_PASSING,
        "fragments of one message": connection.MAX_FRAGMENTS,
        "bytes of a message from the server that a client should accept": parts.MAX_WHOLE,
    }


def test_table_of_rules() -> None:
    """The numbers of Gem Rush's rules, and the world's size, are the code's."""
    (rules,) = tables("The rules")
    assert {row[0]: int(row[1]) for row in rules} == {
        "units that a player moves in one step at full speed": units.STEP_UNITS,
        "units from a player's centre to each side of its square body": units.BODY,
        "units between the centres within which a resource can be collected": units.REACH,
        "points for wood": entities.WORTH["wood"],
        "points for stone": entities.WORTH["stone"],
        "points for a gem": entities.WORTH["gem"],
        "ticks per second": units.TICK_RATE,
    }
    made = maps.make_map(1)
    assert f"{made.width} × {made.height} units ({maps.WIDTH} × {maps.HEIGHT} pixels)" in PAGE
    assert f"at least {maps.GAP} pixels" in PAGE


def test_table_of_codes() -> None:
    """The documented codes of errors and refusals are exactly those in the code."""
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "netlib").rglob("*.py"))
    sent = r'(?:refuse|_strike|ErrorReply|RequestFailed)\(\s*"(\w+)"|\bcode = "(\w+)"'
    errors = set(re.findall(sent, text, re.MULTILINE))
    (table,) = tables("10. Errors and refusals")
    assert {row[0] for row in table} == {one or other for one, other in errors}
    (table,) = tables("Refusals")
    assert {row[0] for row in table} == set(re.findall(r'Refusal\(\s*"(\w+)"', text))
    game = (ROOT / "workshop" / "game" / "rules" / "chat_rules.py").read_text(encoding="utf-8")
    for code in re.findall(r'return "(\w+)"', game):
        assert f"`{code}`" in PAGE


def test_table_of_close_codes() -> None:
    """After the codes that say so our own client comes back, and after no other."""
    (table,) = tables("2. A connection's life")
    comes_back = {int(code): answer for code, _, answer in table}
    assert comes_back == {
        code: "no" if sessions.is_final(code) else "yes" for code in sorted({*comes_back, *sessions.FINAL})
    }
    assert sessions.REPLACED in comes_back
    assert not sessions.is_final(4999), "a code that is not in the table means: come back"


def test_words_about_sessions() -> None:
    """What leaves, what counts, and when to try again are the code's."""
    text = " ".join(section("9. Sessions").split())
    assert "closing with code 1000 or 1001, or without a code (1005)" in text
    assert sessions.LEAVES == (1000, 1001, 1005)
    (listed,) = re.findall(r"A message is every frame except those of type (.*?):", text)
    assert set(re.findall(r"`(\w+)`", listed)) == delivery.REPLACEABLE_NAMES == UNCOUNTED
    assert f"a pause of up to {reconnect.FIRST_PAUSE} seconds" in text
    assert f"until it is {reconnect.LONGEST_PAUSE:.0f} seconds" in text
    assert f"Give up after {client.RECONNECT_TIME:.0f} seconds" in text
    limits = netlib.Limits()
    assert f"Up to {limits.max_backlog >> 20} MiB of messages" in text
    assert f"each counted with {delivery.COST} bytes more" in text
    assert f"more than {delivery.MAX_UNPROVEN} bytes are unconfirmed" in text
    assert f"lasts less than {reconnect.STEADY:.0f} seconds" in text
    assert f"time**, {netlib.Limits().grace_time:.0f} seconds" in text
    assert f"closes that one with {sessions.REPLACED}" in text
    assert f"gives up after {requests.REQUEST_TIMEOUT:.0f} seconds" in PAGE
    assert f"`{dispatch.FAILED}`" in PAGE
