"""The message at the cursor of a replay: as JSON, and what it costs, in parts and against the whole state."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from netlib.protocol.codecs import MALFORMED, Codec
from netlib.protocol.frames import RESERVED
from netlib.recording import Film, Kind, Replay
from netlib.state.state import delta_body
from workshop.game.drawing.replay_panels import LONG, MessagePage

WIDE = 60  # characters of a line of JSON that is not divided
UNREADABLE = (TypeError, *MALFORMED)  # no message, or MessagePack with something that JSON does not have


def names(film: Film) -> set[str]:
    """The types of the messages that came, without netlib's own."""
    decoder, found = film.codec.decoder(dict[str, Any]), set[str]()
    for record in film.records:
        with suppress(*MALFORMED):
            name = decoder.decode(record.data).get("type") if record.kind is Kind.RECEIVED else None
            found |= {name} if isinstance(name, str) and name else set()
    return found - RESERVED


class Messages:
    """Tells which message of a replay came last."""

    def __init__(self, replay: Replay[Any]) -> None:
        self._replay = replay
        self._page, self._shown = MessagePage("nothing has come yet"), -1

    def page(self) -> MessagePage:
        """What there is to show of the newest message now."""
        film = self._replay.film
        before = range(film.until(self._replay.time) - 1, -1, -1)
        number = next((it for it in before if film.records[it].kind is Kind.RECEIVED), -1)
        if number >= 0 and number != self._shown:
            self._page, self._shown = self._made(film.records[number].data), number
        return self._page

    def _made(self, data: bytes) -> MessagePage:
        codec, words, full = self._replay.film.codec, "", dict[str, int]()
        try:
            message, parts = codec.decoder(dict[str, Any]).decode(data), costs(codec, data)
            lines = [*pretty(message)]
        except UNREADABLE as error:
            return MessagePage("a message that cannot be read", str(error))
        if message.get("type") == "snapshot":
            words = "the whole state: there was none to build on"
        if message.get("type") == "snapshot" and not message.get("full"):
            whole = full_snapshot(self._replay)
            full = {path.replace("state", "set", 1): size for path, size in costs(codec, whole).items()}
            words = f"only what changed: {len(data):,} of the whole state's {len(whole):,} B"
        fields = ((path or "{ }", size, full.get(path, 0)) for path, size in parts.items())
        dearest = sorted(fields, key=lambda it: -it[1])
        return MessagePage(f"{message.get('type')}: {len(data):,} bytes", words, dearest, lines)


def costs(codec: Codec, data: bytes) -> dict[str, int]:
    """The bytes that each part of an encoded message takes, by its path, such as ``set.players.x``.

    A part's name counts with it. All entities of a collection count together; their ids, and the signs
    that hold the parts together, count for what they are in. The sum is the size of the message.
    """
    found: Counter[str] = Counter()
    _share_out(codec, "", codec.decoder(Any).decode(data), len(data), found)
    return {path: size for path, size in found.items() if size}


def _share_out(codec: Codec, path: str, value: Any, size: int, found: Counter[str]) -> None:
    """Count ``size`` bytes of a value, for what is in it and for the rest of it."""
    listed = [("0", one) for one in value] if isinstance(value, list) else []
    for name, part in value.items() if isinstance(value, dict) else listed:
        cost, is_field = len(codec.encode(part)), not str(name).isdigit()
        if is_field:
            cost += len(codec.encode(name)) + (not codec.binary)  # JSON's colon
        _share_out(codec, f"{path}.{name}".lstrip(".") if is_field else path, part, cost, found)
        size -= cost
    found[path] += size


def full_snapshot(replay: Replay[Any]) -> bytes:
    """The snapshot that would bring all of a replay's state, encoded."""
    codec, state = replay.film.codec, replay.state
    head = {"type": "snapshot", "tick": replay.tick, "last_input_seq": replay.last_input_seq, "full": True}
    groups = {name: entities for name, entities in state.items() if isinstance(entities, dict)}
    if not all(isinstance(one, msgspec.Struct) for entities in groups.values() for one in entities.values()):
        texts = {name: {str(id): one for id, one in entities.items()} for name, entities in groups.items()}
        return codec.encode({**head, "state": {**state, **texts}})
    new = delta_body({}, state, 0, packed=codec.packed)  # all of it is new
    key, parts = ("packed", new.get("packed", {})) if codec.packed else ("state", new.get("set", {}))
    return codec.encode({**head, key: {name: parts.get(name, {}) for name in state}})


def pretty(value: Any, indent: int = 0, name: str = "", comma: str = "") -> Iterator[str]:
    """A value as lines of JSON; what is short, or a list of plain values, stays on one line."""
    text, named = msgspec.json.encode(value).decode(), isinstance(value, dict)
    parts = [(f'"{key}": ', it) for key, it in value.items()] if named else []
    if isinstance(value, list) and any(isinstance(it, dict | list) for it in value):
        parts = [("", it) for it in value]
    if not parts or len(text) + indent <= WIDE:
        yield f"{' ' * indent}{name}{text if len(text) <= LONG else text[:LONG] + '…'}{comma}"
        return
    yield f"{' ' * indent}{name}{'{' if named else '['}"
    for number, (key, part) in enumerate(parts, 1):
        yield from pretty(part, indent + 2, key, "," * (number < len(parts)))
    yield f"{' ' * indent}{'}' if named else ']'}{comma}"
