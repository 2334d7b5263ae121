"""What a message costs on the wire, field by field."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from netlib.client.client import Client
from netlib.protocol.codecs import Codec
from netlib.state.state import VALUES, VALUES_ID


def costs(codec: Codec, data: bytes) -> dict[str, int]:
    """The bytes that each part of an encoded message takes, by its path, such as ``set.players.x``.

    A part's name counts with it. All entities of a collection count together; their ids, and the signs
    that hold the parts together, count for what they are in. The sum is the size of the message.

    Raises:
        codecs.MALFORMED: it is no message in that codec.
    """
    found: Counter[str] = Counter()
    _share_out(codec, "", codec.decoder(Any).decode(data), len(data), found)
    return {path: size for path, size in found.items() if size}


def _share_out(codec: Codec, path: str, value: Any, size: int, found: Counter[str]) -> None:
    """Count ``size`` bytes of a value, for what is in it and for the rest of it."""
    named = isinstance(value, dict)
    parts = value.items() if named else [("", one) for one in value] if isinstance(value, list) else ()
    for name, part in parts:
        whole = cost = len(codec.encode(part))
        if named:
            cost += len(codec.encode(name)) + (not codec.binary)  # JSON's colon
        is_field = named and not str(name).isdigit()
        below = f"{path}.{name}" if path and is_field else str(name) if is_field else path
        size -= cost
        _share_out(codec, below, part, cost if is_field else whole, found)
        found[below] += 0 if is_field else cost - whole
    found[path] += size


def full_snapshot(codec: Codec, client: Client[Any]) -> bytes:
    """The snapshot that brings all of a client's state, encoded; the client must have no schema."""
    state: dict[str, Any] = {name: some for name, some in client.state.items() if _is_collection(some)}
    if values := {name: one for name, one in client.state.items() if name not in state}:
        state[VALUES] = {VALUES_ID: values}
    form, key = (_columns, "packed") if codec.packed else (_maps, "state")
    head = {"type": "snapshot", "tick": client.tick, "last_input_seq": client.last_input_seq, "full": True}
    return codec.encode(head | {key: {name: form(some) for name, some in state.items()}})


def _is_collection(some: object) -> bool:
    return isinstance(some, Mapping) and all(isinstance(id, int) for id in some)


def _maps(entities: Mapping[int, Any]) -> dict[str, Any]:
    return {str(id): fields for id, fields in entities.items()}


def _columns(entities: Mapping[int, Any]) -> list[Any]:
    """As `netlib.state.packing` writes them: those with the same fields together."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for id, fields in entities.items():
        groups.setdefault(tuple(fields), []).append(id)
    return [
        [
            [id - before for before, id in pairwise([0, *ids])],
            {name: [entities[id][name] for id in ids] for name in names},
        ]
        for names, ids in groups.items()
    ]
