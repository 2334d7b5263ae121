"""Cutting a stream into WebSocket messages: as websockets would, only sooner."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from netlib.transport.framing import MAX_RUN, Piece, Unframer, frame

MAX_SIZE = 100_000  # bytes

plain = st.builds(Frame, st.sampled_from([Opcode.TEXT, Opcode.BINARY]), st.binary(max_size=300))
control = st.builds(Frame, st.sampled_from([Opcode.PING, Opcode.PONG]), st.binary(max_size=125))
fragmented = st.lists(st.binary(max_size=20), min_size=2, max_size=4).map(
    lambda parts: [
        Frame(Opcode.CONT if number else Opcode.TEXT, part, fin=number == len(parts) - 1)
        for number, part in enumerate(parts)
    ]
)
traffic = st.lists(st.one_of(plain.map(lambda f: [f]), control.map(lambda f: [f]), fragmented), max_size=8)


def pieces_of(data: bytes, cuts: list[int], *, masked: bool = True) -> list[Piece]:
    """Feed these bytes cut at these places."""
    unframer = Unframer(masked=masked, max_size=MAX_SIZE)
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[start:end] for start, end in itertools.pairwise(places)]
    return [piece for chunk in chunks if chunk for piece in unframer.feed(chunk)]


@given(messages=traffic, cuts=st.lists(st.integers(0, 2000), max_size=8), masked=st.booleans())
def test_every_frame_comes_out_once_and_in_order(
    messages: list[list[Frame]], cuts: list[int], masked: bool
) -> None:
    """However the stream is cut: plain messages unmasked, everything else as it came."""
    frames = [part for message in messages for part in message]
    wire = [part.serialize(mask=masked) for part in frames]
    found = joined_up(pieces_of(b"".join(wire), cuts, masked=masked))
    assert found == joined_up([piece_of(part, raw) for part, raw in zip(frames, wire, strict=True)])


def piece_of(part: Frame, raw: bytes) -> Piece:
    """What a frame should come out as."""
    if part.opcode in (Opcode.TEXT, Opcode.BINARY) and part.fin:
        return Piece(True, bytes(part.data), part.opcode is Opcode.BINARY)
    return Piece(False, raw)


def joined_up(pieces: list[Piece]) -> list[Piece]:
    """The same, where runs of what is websockets' business are one."""
    found: list[Piece] = []
    for whole, run in itertools.groupby(pieces, key=lambda piece: piece.whole):
        some = list(run)
        found += some if whole else [Piece(False, b"".join(piece.data for piece in some))]
    return found


def test_a_flood_of_odd_frames_comes_in_runs() -> None:
    """Thousands of empty fragments are neither handed over one by one, nor all at once."""
    fragment = Frame(Opcode.CONT, b"", fin=False).serialize(mask=True)
    pieces = pieces_of(fragment * 5000, [])
    assert b"".join(piece.data for piece in pieces) == fragment * 5000
    assert all(len(piece.data) <= MAX_RUN * len(fragment) for piece in pieces)
    assert len(pieces) <= 5000 / MAX_RUN + 1


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, MAX_SIZE])
def test_every_length_is_read_and_written(size: int) -> None:
    """The head has three forms; websockets reads what we write, and we read what it writes."""
    data = bytes(size)
    assert frame(data, binary=True) == Frame(Opcode.BINARY, data).serialize(mask=False)
    assert frame(data, binary=False) == Frame(Opcode.TEXT, data).serialize(mask=False)
    raw = Frame(Opcode.BINARY, data).serialize(mask=True)
    assert pieces_of(raw, list(range(0, size, 7000))) == [Piece(True, data, True)]


@pytest.mark.parametrize(
    "wrong",
    [
        Frame(Opcode.TEXT, b"hi").serialize(mask=False),
        b"\xc1" + Frame(Opcode.TEXT, b"hi").serialize(mask=True)[1:],
        Frame(Opcode.TEXT, bytes(MAX_SIZE + 1)).serialize(mask=True)[:20],
    ],
    ids=["not masked", "reserved bit", "too big"],
)
def test_what_is_wrong_is_left_to_websockets(wrong: bytes) -> None:
    """From there on everything goes there as it came."""
    good = Frame(Opcode.TEXT, b"good").serialize(mask=True)
    unframer = Unframer(masked=True, max_size=MAX_SIZE)
    assert unframer.feed(good + wrong) == [Piece(True, b"good"), Piece(False, wrong)]
    assert unframer.feed(good) == [Piece(False, good)]
    begun = Frame(Opcode.TEXT, b"be", fin=False).serialize(mask=True)
    assert pieces_of(begun + good, []) == [Piece(False, begun + good)], "none inside a fragmented message"
