"""The encoded changes of one area, and how a snapshot is joined from those of several."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from netlib.protocol.codecs import Codec
from netlib.state.packing import Group, as_columns, as_maps, compare
from netlib.state.slices import ARRAY, HEAD, MAP
from netlib.state.state import NO_ENTITIES, Frozen


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
            gone[name] = Piece(len(ids), _joined(codec, map(codec.encode, ids)))
    return Pieces(changed, gone)


def body(codec: Codec, parts: Iterable[Pieces], *, base: int | None, names: Iterable[str] = ()) -> bytes:
    """What stands in a snapshot behind its head.

    Args:
        base: the tick that it builds on; None for a full one.
        names: the collections that it has in any case.
    """
    parts = list(parts)
    sets = _by_name([part.set for part in parts], names)
    pairs = [(b"full", codec.encode(True)) if base is None else (b"base", codec.encode(base))]
    if codec.packed:
        pairs.append((b"packed", _map(codec, {n: _array(codec, found) for n, found in sets.items()})))
    else:
        key = b"state" if base is None else b"set"
        pairs.append((key, _map(codec, {n: _object(found) for n, found in sets.items()})))
    if base is not None and (gone := _by_name([part.gone for part in parts], ())):
        pairs.append((b"gone", _map(codec, {n: _array(codec, found) for n, found in gone.items()})))
    if codec.packed:
        return bytes([0x80 | len(pairs)]) + b"".join(
            codec.encode(key.decode()) + value for key, value in pairs
        )
    return b"{" + b",".join(b'"%b":%b' % pair for pair in pairs) + b"}"


def _maps(codec: Codec, maps: Mapping[str, object]) -> Piece | None:
    return Piece(len(maps), codec.encode(maps)[1:-1]) if maps else None


def _columns(codec: Codec, groups: Sequence[Group]) -> Piece | None:
    return Piece(len(groups), b"".join(map(codec.encode, groups))) if groups else None


def _by_name(found: Iterable[Mapping[str, Piece]], names: Iterable[str]) -> dict[str, list[Piece]]:
    by_name: dict[str, list[Piece]] = {name: [] for name in names}
    for some in found:
        for name, piece in some.items():
            by_name.setdefault(name, []).append(piece)
    return by_name


def _joined(codec: Codec, data: Iterable[bytes]) -> bytes:
    return (b"" if codec.packed else b",").join(data)


def _array(codec: Codec, found: list[Piece]) -> bytes:
    data = _joined(codec, (piece.data for piece in found))
    if not codec.packed:
        return b"[" + data + b"]"
    return HEAD.pack(ARRAY, sum(piece.number for piece in found)) + data


def _object(found: list[Piece]) -> bytes:
    return b"{" + b",".join(piece.data for piece in found) + b"}"


def _map(codec: Codec, values: Mapping[str, bytes]) -> bytes:
    if codec.packed:
        return HEAD.pack(MAP, len(values)) + b"".join(codec.encode(k) + v for k, v in values.items())
    return b"{" + b",".join(codec.encode(k) + b":" + v for k, v in values.items()) + b"}"
