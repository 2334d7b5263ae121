"""A full snapshot encoded slice by slice, for a world so large that encoding it at once would be felt.

Some hundred entities are a slice. Whoever encodes lets other things happen between two of them; the state
is frozen, and stays what it was when it was published.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from netlib.protocol.codecs import Codec, no_collection
from netlib.session.parts import LARGE, MAX_JOINED
from netlib.state.packing import Group, as_columns, compare
from netlib.state.state import Frozen

SLICE = 64 * 1024  # bytes that a slice is about
FIRST_SLICE, MOST_IN_SLICE = 16, 512  # entities
# Of MessagePack's "map 32" and "array 32", and their count.
HEAD, MAP, ARRAY = struct.Struct(">BI"), 0xDF, 0xDD


class Edition(NamedTuple):
    """A state as it was published. A game may publish several in one tick; their numbers differ."""

    number: int
    tick: int
    state: Frozen


class Whole:
    """A full snapshot that is being encoded, for all who want the same one.

    Args:
        codec: how.
        edition: of what.

    Attributes:
        pieces: what is encoded of the part that is the same for every client; all of it once it is `done`.
        size: bytes of them.
        waiting: whom to tell when it is done.
    """

    def __init__(self, codec: Codec, edition: Edition) -> None:
        self.edition = edition
        self.pieces: list[bytes] = []
        self.waiting: list[Callable[[], object]] = []
        self.size = 0
        self.done = False
        self._codec = codec
        self._slices = self._columns(edition.state) if codec.packed else self._maps(edition.state)

    @property
    def small(self) -> bool:
        """Whether it is no large frame; encodes no more than it takes to know."""
        while self.size <= LARGE and not self.done:
            self.step()
        return self.size <= LARGE

    def step(self) -> None:
        """Encode one slice. More than a client takes is not encoded."""
        with no_collection():
            piece = next(self._slices, None)
        self.done = piece is None or self.size > MAX_JOINED
        if piece:
            self.pieces.append(piece)
            self.size += len(piece)

    def finish(self) -> bytes:
        """Encode the rest at once. Returns everything."""
        while not self.done:
            self.step()
        self.pieces = [b"".join(self.pieces)]
        return self.pieces[0]

    def frame(self, last_input_seq: int) -> list[bytes]:
        """The pieces of the whole snapshot for one client, whose number this is."""
        head = {"type": "snapshot", "tick": self.edition.tick, "last_input_seq": last_input_seq}
        return [self._codec.splice(self._codec.encode(head), self.pieces[0]), *self.pieces[1:]]

    def _maps(self, state: Frozen) -> Iterator[bytes]:
        def encode(some: Mapping[int, Struct]) -> bytes:
            return self._codec.encode({str(id): entity for id, entity in some.items()})[1:-1]

        yield b'{"full":true,"state":{'
        for number, (name, entities) in enumerate(state.items()):
            yield b"," * (number > 0) + self._codec.encode(name) + b":{"
            for place, piece in enumerate(_sliced(entities, encode)):
                yield b"," * (place > 0) + piece
            yield b"}"
        yield b"}}"

    def _columns(self, state: Frozen) -> Iterator[bytes]:
        def encode(some: Mapping[int, Struct]) -> bytes:
            found = as_columns(compare({}, some))
            groups.extend(found)
            return b"".join(map(self._codec.encode, found))

        groups: list[Group] = []
        yield b"\x82\xa4full\xc3\xa6packed" + HEAD.pack(MAP, len(state))
        for name, entities in state.items():
            place = len(self.pieces)
            groups.clear()
            yield self._codec.encode(name) + HEAD.pack(ARRAY, 0)
            yield from _sliced(entities, encode)
            self.pieces[place] = self._codec.encode(name) + HEAD.pack(ARRAY, len(groups))  # now it is known


def _sliced(
    entities: Mapping[int, Struct], encode: Callable[[Mapping[int, Struct]], bytes]
) -> Iterator[bytes]:
    left, count = iter(entities.items()), FIRST_SLICE
    while some := dict(islice(left, count)):
        piece = encode(some)
        yield piece
        count = max(1, min(MOST_IN_SLICE, 2 * count, SLICE * len(some) // len(piece)))
