"""The encoded changes of one area, and how a delta is joined from those of several."""

from collections.abc import Callable, Mapping, Sequence
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


def joined(codec: Codec, parts: Sequence[Pieces]) -> Pieces:
    """How several areas changed, as if they were one."""
    return Pieces(
        _joined(codec, [part.set for part in parts if part.set]),
        _joined(codec, [part.gone for part in parts if part.gone]),
    )


def delta(codec: Codec, changed: Pieces, base: int) -> bytes:
    """What stands in a delta behind its head: how what somebody sees changed since the tick ``base``."""
    found = {"base": codec.encode(base)}
    if changed.set and codec.packed:
        found["packed"] = _map(codec, changed.set, _array)
    elif changed.set:
        found["set"] = _map(codec, changed.set, _object)
    if changed.gone:
        found["gone"] = _map(codec, changed.gone, _array)
    if codec.packed:
        return bytes([FEW | len(found)]) + _pairs(codec, found)
    return b"{" + _pairs(codec, found) + b"}"


def _maps(codec: Codec, maps: Mapping[str, object]) -> Piece | None:
    return Piece(len(maps), codec.encode(maps)[1:-1]) if maps else None


def _columns(codec: Codec, groups: Sequence[Group]) -> Piece | None:
    return Piece(len(groups), b"".join(map(codec.encode, groups))) if groups else None


def _joined(codec: Codec, parts: Sequence[Mapping[str, Piece]]) -> Mapping[str, Piece]:
    if len(parts) == 1:
        return parts[0]
    by_name: dict[str, list[Piece]] = {}
    for part in parts:
        for name, piece in part.items():
            by_name.setdefault(name, []).append(piece)
    between = b"" if codec.packed else b","
    return {
        name: Piece(sum([one.number for one in some]), between.join([one.data for one in some]))
        for name, some in by_name.items()
    }


def _array(codec: Codec, piece: Piece) -> bytes:
    return HEAD.pack(ARRAY, piece.number) + piece.data if codec.packed else b"[" + piece.data + b"]"


def _object(codec: Codec, piece: Piece) -> bytes:
    return b"{" + piece.data + b"}"


def _map(codec: Codec, found: Mapping[str, Piece], form: Callable[[Codec, Piece], bytes]) -> bytes:
    pairs = _pairs(codec, {name: form(codec, piece) for name, piece in found.items()})
    return HEAD.pack(MAP, len(found)) + pairs if codec.packed else b"{" + pairs + b"}"


def _pairs(codec: Codec, values: Mapping[str, bytes]) -> bytes:
    if codec.packed:
        return b"".join([codec.encode(name) + value for name, value in values.items()])
    return b",".join([codec.encode(name) + b":" + value for name, value in values.items()])
