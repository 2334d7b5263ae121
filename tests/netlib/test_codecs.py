"""Codecs: two encodings of the same messages, chosen by subprotocol."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.codecs import CODECS, JSON, MAX_SPLICED_KEYS, MSGPACK, Codec, choose

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


@pytest.mark.parametrize(("head", "body"), [(8, 8), (16, 1), (1, 16), (0, 16)])
def test_messagepack_refuses_to_splice_more_keys_than_its_header_can_count(head: int, body: int) -> None:
    """A map of 16 keys needs another header, so splicing says so instead of writing nonsense."""
    first = MSGPACK.encode({f"a{number}": 0 for number in range(head)})
    second = MSGPACK.encode({f"b{number}": 0 for number in range(body)})
    with pytest.raises(ValueError, match="small maps"):
        MSGPACK.splice(first, second)


def test_messagepack_refuses_to_splice_what_is_no_map() -> None:
    """Only two maps can become one."""
    with pytest.raises(ValueError, match="maps"):
        MSGPACK.splice(MSGPACK.encode([1]), MSGPACK.encode({"a": 1}))


@both
@given(value=values)
def test_what_was_encoded_is_decoded(codec: Codec, value: Any) -> None:
    """Plain values survive the way through bytes."""
    assert codec.decoder(Any).decode(codec.encode(value)) == value


def test_who_offers_nothing_gets_json() -> None:
    """A plain WebSocket client need not know subprotocols."""
    assert choose([]) is JSON


def test_the_first_offer_that_is_known_is_taken() -> None:
    """The client's order of preference decides, and unknown offers are passed over."""
    assert choose([MSGPACK.subprotocol, JSON.subprotocol]) is MSGPACK
    assert choose(["netlib.v9.json", JSON.subprotocol, MSGPACK.subprotocol]) is JSON


def test_who_offers_only_strange_subprotocols_gets_none() -> None:
    """A client of another version of the protocol is not talked to in the wrong one."""
    assert choose(["netlib.v9.json", "chat"]) is None


def test_json_travels_as_text_and_messagepack_as_binary() -> None:
    """The kind of frame follows from the encoding."""
    assert not JSON.binary
    assert MSGPACK.binary


def test_a_codec_shows_its_name() -> None:
    """In a log, a codec is recognisable."""
    assert [repr(codec) for codec in CODECS] == ["<Codec JSON>", "<Codec MessagePack>"]


def test_a_struct_and_its_dict_look_alike_on_the_wire() -> None:
    """Typed and untyped senders can be mixed."""

    class Point(msgspec.Struct):
        x: int
        y: int

    for codec in CODECS:
        assert codec.encode(Point(1, 2)) == codec.encode({"x": 1, "y": 2})
