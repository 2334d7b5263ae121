"""The encoded changes of one area, and how a delta is joined from those of several."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from netlib.protocol.codecs import Codec
from netlib.state.packing import Group, as_columns, as_maps, compare
from netlib.state.slices import ARRAY, HEAD, MAP
from netlib.state.state import NO_ENTITIES, Frozen

FEW = 0x80  # of MessagePack's "fixmap", beside its count


class Piece(NamedTuple):
    """Some entities of a collection: how many of them or of their groups, and these, one after the other."""

    number: int
    data: bytes


class Pieces(NamedTuple):
    """How an area changed: what is new or other, and the ids of what is gone, by collection."""

    set: Mapping[str, Piece]
    gone: Mapping[str, Piece]


def pieces(codec: Codec, base: Frozen, state: Frozen) -> Pieces:
    """Encode how an area changed; from nothing, it is all of it, and to nothing, all of it is gone."""
    changed, gone = dict[str, Piece](), dict[str, Piece]()
    for name in {**base, **state}:
        before, now = base.get(name, NO_ENTITIES), state.get(name, NO_ENTITIES)
        if before is now:
            continue
        changes = compare(before, now)
        if piece := _columns(codec, as_columns(changes)) if codec.packed else _maps(codec, as_maps(changes)):
            changed[name] = piece
        if changes.gone:
            ids = changes.gone if codec.packed else list(map(str, changes.gone))
            gone[name] = Piece(len(ids), (b"" if codec.packed else b",").join(map(codec.encode, ids)))
    return Pieces(changed, gone)


def delta(codec: Codec, parts: Sequence[Pieces], base: int) -> bytes:
    """What stands in a delta behind its head: how these areas changed since the tick ``base``."""
    found = {"base": codec.encode(base)}
    if sets := _by_name(part.set for part in parts):
        joined = _arrays(codec, sets) if codec.packed else _objects(codec, sets)
        found["packed" if codec.packed else "set"] = joined
    if gone := _by_name(part.gone for part in parts):
        found["gone"] = _arrays(codec, gone)
    if codec.packed:
        return bytes([FEW | len(found)]) + _pairs(codec, found)
    return b"{" + _pairs(codec, found) + b"}"


def _maps(codec: Codec, maps: Mapping[str, object]) -> Piece | None:
    return Piece(len(maps), codec.encode(maps)[1:-1]) if maps else None


def _columns(codec: Codec, groups: Sequence[Group]) -> Piece | None:
    return Piece(len(groups), b"".join(map(codec.encode, groups))) if groups else None


def _by_name(found: Iterable[Mapping[str, Piece]]) -> dict[str, list[Piece]]:
    by_name: dict[str, list[Piece]] = {}
    for some in found:
        for name, piece in some.items():
            by_name.setdefault(name, []).append(piece)
    return by_name


def _arrays(codec: Codec, found: Mapping[str, list[Piece]]) -> bytes:
    """Lists by name, joined from their pieces."""
    if not codec.packed:
        lists = {name: b"[" + b",".join([one.data for one in some]) + b"]" for name, some in found.items()}
        return b"{" + _pairs(codec, lists) + b"}"
    lists = {
        name: HEAD.pack(ARRAY, sum([one.number for one in some])) + b"".join([one.data for one in some])
        for name, some in found.items()
    }
    return HEAD.pack(MAP, len(lists)) + _pairs(codec, lists)


def _objects(codec: Codec, found: Mapping[str, list[Piece]]) -> bytes:
    """JSON objects by name, joined from their pieces."""
    objects = {name: b"{" + b",".join([one.data for one in some]) + b"}" for name, some in found.items()}
    return b"{" + _pairs(codec, objects) + b"}"


def _pairs(codec: Codec, values: Mapping[str, bytes]) -> bytes:
    if codec.packed:
        return b"".join([codec.encode(name) + value for name, value in values.items()])
    return b",".join([codec.encode(name) + b":" + value for name, value in values.items()])
