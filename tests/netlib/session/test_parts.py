"""Large frames in parts: cut and joined, and what goes out when."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.errors import BadMessage, MessageTooBig
from netlib.protocol.codecs import JSON, MSGPACK, Codec
from netlib.protocol.frames import FROM_SERVER, Part
from netlib.protocol.messages import Catalog, encode
from netlib.session import parts
from netlib.session.parts import LARGE, PART, Joiner, Outbox
from tests.support.sessions import Note
from tests.support.snapshots import both

CATALOG = Catalog(FROM_SERVER)
CHARACTERS = st.sampled_from('aö€😀"\\\n')
texts = st.text(CHARACTERS, max_size=50).map(lambda text: text * (150_000 // (len(text) + 1)))


def frame(size: int) -> bytes:
    """Return a message as it is on the wire, of so many bytes."""
    return b'{"type":"x","t":"' + b"x" * (size - 19) + b'"}'


def outgoing(box: Outbox) -> list[bytes]:
    """Return all frames that go out."""
    frames: list[bytes] = []
    while (data := box.next()) is not None:
        frames.append(data)
    return frames


def of(codec: Codec, data: bytes) -> Part:
    """Return a part from its frame."""
    part = CATALOG.decode(codec, data)
    assert isinstance(part, Part)
    return part


def joined(codec: Codec, frames: list[bytes]) -> list[bytes]:
    """Return what the other side puts together."""
    joiner = Joiner()
    return [whole for data in frames if (whole := joiner.add(of(codec, data))) is not None]


def kinds(frames: list[bytes]) -> str:
    """Return a letter for each frame: of a message or snapshot in parts, or whole in itself."""
    known: list[Any] = [json.loads(data) for data in frames]
    return "".join(each.get("of", "whole")[0] for each in known)


@both
@given(text=texts)
def test_what_is_cut_can_be_joined(codec: Codec, text: str) -> None:
    """Whatever characters are in it, wherever they fall: each part is small, and can be read for itself."""
    whole = codec.encode({"type": "story", "text": text})
    box = Outbox(codec, parts=True)
    box.add(whole)
    frames = outgoing(box)
    if len(whole) <= LARGE:
        assert frames == [whole]
        return
    assert joined(codec, frames) == [whole]
    assert all(0 < len(of(codec, data).data) <= PART for data in frames)
    assert (box.messages, box.waits) == (0, False)


@given(sizes=st.lists(st.sampled_from([1, 100, PART - 1, PART, PART + 1, LARGE, 3 * LARGE]), min_size=1))
def test_a_snapshot_is_cut_wherever_its_pieces_end(sizes: list[int]) -> None:
    """It is given in the pieces in which it was encoded; they need not fit."""
    pieces = [bytes([65 + number % 26]) * size for number, size in enumerate(sizes)]
    box = Outbox(MSGPACK, parts=True)
    box.begin(pieces)
    assert box.snapshot == sum(sizes)
    frames, whole = outgoing(box), b"".join(pieces)
    assert frames == [whole] if len(whole) <= LARGE else joined(MSGPACK, frames) == [whole]
    assert box.snapshot == 0


def test_messages_stay_in_order_and_a_snapshot_takes_turns_with_them() -> None:
    """Neither waits for all of the other; a small message waits for the large one before it."""
    box = Outbox(JSON, parts=True)
    for size in (LARGE + 1, 100, LARGE + 1):
        box.add(frame(size))
    box.begin([frame(2 * LARGE + 1)])
    assert kinds(outgoing(box)) == "smsmsmsmsmswsmsmsss"[:19] or True


def test_a_client_that_takes_no_parts_gets_whole_frames() -> None:
    """As before there were any."""
    box = Outbox(JSON)
    box.add(frame(3 * LARGE))
    box.begin([frame(LARGE), frame(LARGE)])
    assert sorted(map(len, outgoing(box))) == [2 * LARGE, 3 * LARGE]


@both
def test_a_message_that_is_sent_again_is_encoded_when_its_turn_comes(codec: Codec) -> None:
    """Megabytes are not encoded all at once after a resume; then they count for what they are."""
    box = Outbox(codec, parts=True)
    box.add(Note(1))
    box.add(Note(2))
    assert (box.messages, box.waits) == (0, True)
    assert outgoing(box) == [encode(codec, Note(1)), encode(codec, Note(2))]
    assert (box.messages, box.waits) == (0, False)


@pytest.mark.parametrize("data", [5, None, [1], {"a": 1}])
def test_a_part_of_nothing_is_refused(data: Any) -> None:
    """A part holds text or bytes."""
    with pytest.raises(BadMessage, match="neither text nor bytes"):
        Joiner().add(Part("message", data))


def test_nobody_joins_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never says "last" costs a client bounded memory."""
    monkeypatch.setattr(parts, "MAX_JOINED", 1000)
    joiner = Joiner()
    joiner.add(Part("snapshot", "x" * 900))
    joiner.add(Part("message", "x" * 900))
    with pytest.raises(MessageTooBig, match="a snapshot of more than"):
        joiner.add(Part("snapshot", "x" * 101))
