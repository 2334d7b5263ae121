"""Codecs: two encodings of the same messages, chosen by subprotocol."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.protocol.codecs import CODECS, JSON, MAX_SPLICED_KEYS, MSGPACK, Codec, choose

both = pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
integers = st.integers(-(2**63), 2**64 - 1)
scalars = st.none() | st.booleans() | integers | st.floats(allow_nan=False, allow_infinity=False) | text
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3)
)
small_objects = st.dictionaries(text, values, min_size=1, max_size=MAX_SPLICED_KEYS // 2)


@both
@given(head=small_objects, body=small_objects)
def test_splicing_two_encoded_objects_merges_them(
    codec: Codec, head: dict[str, Any], body: dict[str, Any]
) -> None:
    """The spliced bytes decode to the merged dict, for both encodings."""
    spliced = codec.splice(codec.encode(head), codec.encode(body))
    assert codec.decoder(dict[str, Any]).decode(spliced) == {**head, **body}


def map_of(count: int, letter: str) -> bytes:
    return MSGPACK.encode({f"{letter}{number}": 0 for number in range(count)})


@pytest.mark.parametrize(
    ("head", "body"),
    [
        *((map_of(head, "a"), map_of(body, "b")) for head, body in [(8, 8), (16, 1), (1, 16), (0, 16)]),
        (MSGPACK.encode([1]), MSGPACK.encode({"a": 1})),
    ],
)
def test_messagepack_splices_small_maps_only(head: bytes, body: bytes) -> None:
    """A map of 16 keys needs another header, so splicing says so instead of writing nonsense."""
    with pytest.raises(ValueError, match="maps"):
        MSGPACK.splice(head, body)


@both
@given(value=values)
def test_what_was_encoded_is_decoded(codec: Codec, value: Any) -> None:
    """Plain values survive the way through bytes."""
    assert codec.decoder(Any).decode(codec.encode(value)) == value


@pytest.mark.parametrize(
    ("offers", "codec"),
    [
        ([], JSON),
        ([MSGPACK.subprotocol, JSON.subprotocol], MSGPACK),
        (["netlib.v9.json", JSON.subprotocol, MSGPACK.subprotocol], JSON),
        (["netlib.v9.json", "chat"], None),
    ],
)
def test_the_first_offer_that_is_known_is_taken(offers: list[str], codec: Codec | None) -> None:
    """A plain client, which offers nothing, gets JSON; one that offers only unknown ones gets none."""
    assert choose(offers) is codec


def test_a_codec_shows_its_name() -> None:
    """In a log, a codec is recognisable; JSON travels as text and MessagePack as binary."""
    assert [repr(codec) for codec in CODECS] == ["<Codec JSON>", "<Codec MessagePack>"]
    assert [codec.binary for codec in CODECS] == [False, True]


def test_a_struct_and_its_dict_look_alike_on_the_wire() -> None:
    """Typed and untyped senders can be mixed."""

    class Point(msgspec.Struct):
        x: int
        y: int

    for codec in CODECS:
        assert codec.encode(Point(1, 2)) == codec.encode({"x": 1, "y": 2})
