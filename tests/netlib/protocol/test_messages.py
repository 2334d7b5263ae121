"""Messages: typed values to bytes and back, and nothing but `MessageError` for anything else."""

import itertools
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from netlib.errors import BadMessage, MessageError, UnknownType, WrongArgument
from netlib.protocol.codecs import CODECS, JSON, MSGPACK, Codec
from netlib.protocol.frames import FROM_CLIENT, FROM_SERVER
from netlib.protocol.messages import (
    MAX_TYPE_NAME,
    Catalog,
    Input,
    Message,
    Untyped,
    encode,
    encode_checked,
    message_type,
    type_name,
)

both = pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)


class Chat(Message, frozen=True):
    text: Annotated[str, Meta(max_length=200)]
    to: int | None = None


class Move(Input, frozen=True):
    move: tuple[float, float] = (0.0, 0.0)
    collect: bool = False


class Report(Message, frozen=True):
    scores: dict[str, int]
    places: list[tuple[int, str]]
    data: bytes = b""


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
finite = st.floats(allow_nan=False, allow_infinity=False)
messages = (
    st.builds(Chat, text=text, to=st.none() | st.integers(-(2**63), 2**63 - 1))
    | st.builds(Move, seq=st.integers(0, 2**53), move=st.tuples(finite, finite), collect=st.booleans())
    | st.builds(
        Report,
        scores=st.dictionaries(text, st.integers(0, 1000), max_size=3),
        places=st.lists(st.tuples(st.integers(0, 9), text), max_size=3),
        data=st.binary(max_size=9),
    )
)
NAMES = ["chat", "input", "hello", "ack", "ping", "emote", "report", "nobody", "type"]


def catalog() -> Catalog:
    return Catalog([*FROM_CLIENT, Chat, Move, Report, "emote"])


@pytest.mark.parametrize(
    ("class_name", "name"), [("Chat", "chat"), ("RoundOver", "round_over"), ("A", "a"), ("GoToX", "go_to_x")]
)
def test_the_type_is_the_class_name_in_snake_case(class_name: str, name: str) -> None:
    """What people read on the wire follows from the class."""
    assert type_name(class_name) == name


@pytest.mark.parametrize(
    ("message", "data"),
    [(Chat(text="hi"), b'{"type":"chat","text":"hi"}'), (Move(seq=3), b'{"type":"input","seq":3}')],
)
def test_a_message_travels_as_one_object_with_its_type(message: Message, data: bytes) -> None:
    """The example of the documentation, letter by letter; fields with their default are left out."""
    assert encode(JSON, message) == data


@both
@given(message=messages)
def test_a_message_survives_the_wire(codec: Codec, message: Message) -> None:
    """Decoding gives back what was encoded, in both encodings."""
    assert catalog().decode(codec, encode(codec, message)) == message


@both
@given(
    fields=st.dictionaries(
        text.filter(lambda key: key != "type"), st.none() | st.booleans() | st.integers(0, 99) | text
    )
)
def test_an_untyped_message_survives_the_wire(codec: Codec, fields: dict[str, Any]) -> None:
    """A message without a class keeps its type and all its fields."""
    message = Untyped("emote", fields)
    assert catalog().decode(codec, encode(codec, message)) == message


@both
@given(data=st.binary(max_size=40))
def test_any_bytes_are_a_message_or_a_message_error(codec: Codec, data: bytes) -> None:
    """No bytes whatever raise anything but MessageError."""
    _decode_or_message_error(codec, data)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | text
    | st.binary(max_size=5)
    | st.sampled_from(NAMES),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            text | st.integers(0, 9) | st.sampled_from(["type", "seq", "text"]), inner, max_size=3
        )
    ),
)


@both
@given(name=st.sampled_from(NAMES) | anything, fields=st.dictionaries(text, anything, max_size=3))
def test_any_object_is_a_message_or_a_message_error(codec: Codec, name: Any, fields: dict[str, Any]) -> None:
    """Well-formed objects with senseless fields raise nothing but MessageError."""
    try:
        data = codec.encode({**fields, "type": name})
    except (TypeError, ValueError):
        return
    _decode_or_message_error(codec, data)


@both
@given(message=messages, cut=st.integers(0, 60), noise=st.binary(max_size=3))
def test_a_damaged_message_is_a_message_or_a_message_error(
    codec: Codec, message: Message, cut: int, noise: bytes
) -> None:
    """Frames that were cut, or in which bytes changed, raise nothing but MessageError."""
    data = encode(codec, message)
    _decode_or_message_error(codec, data[:cut] + noise + data[cut + len(noise) :])


def _decode_or_message_error(codec: Codec, data: bytes) -> None:
    try:
        message = catalog().decode(codec, data)
    except MessageError as error:
        assert str(error)
    else:
        assert isinstance(message, Message | Untyped)


BAD_JSON = [
    *(b"", b"hello", b"[]", b"17", b'{"no":"type"}', b'{"type":7}', b'{"type":null}', b'{"type":"chat"}'),
    *(b'{"type":"chat","text":%s}' % text for text in (b"7", b"NaN", b'"%s"' % (b"x" * 201))),
    b'{"type":"chat","text":"\xff"}',
    *(b'{"type":"input","seq":%s}' % seq for seq in (b"-1", b"1e400", b"9" * 5000)),
    b'{"type":"emote","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"type":"emote","x":NaN}',
    b'{"type":"' + b"e" * (MAX_TYPE_NAME + 1) + b'"}',
]
HOSTILE_MSGPACK = [
    b"\x82\xa4type\xa5emote\xa1x\x81\x80\x01",  # a map as the key of a map
    b"\x82\xa4type\xa5emote\xa1x\xdd\xff\xff\xff\xff",  # a list that claims 4 billion elements
    b"\x82\xa4type\xa5emote\xa1x\xdf\xff\xff\xff\xff",  # a map that claims as many
    b"\x82\xa4type\xa5emote\xa1x\xd7\xff" + b"\xff" * 8,  # a time beyond all calendars
    b"\x82\xa4type\xa5emote\xa1x" + b"\x91" * 100_000,  # nested too deeply
    b"\xc1",  # a byte that MessagePack never uses
]


@pytest.mark.parametrize(
    ("codec", "data"),
    [*((JSON, data) for data in BAD_JSON), *((MSGPACK, data) for data in HOSTILE_MSGPACK)],
)
def test_what_does_not_fit_is_a_bad_message(codec: Codec, data: bytes) -> None:
    """Not an object, no type, a missing field, a wrong type, too long, too deep, a binary trap."""
    with pytest.raises(BadMessage):
        catalog().decode(codec, data)


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        (b'{"type":"chatt"}', UnknownType, '"chatt"; did you mean "chat"'),
        (b'{"type":"chat","text":7}', BadMessage, r'"chat" does not fit.*\$\.text'),
    ],
)
def test_what_is_wrong_is_named(data: bytes, kind: type[MessageError], text: str) -> None:
    """A typing error in a message's type gets a hint; a field that does not fit is named."""
    with pytest.raises(kind, match=text):
        catalog().decode(JSON, data)


def test_a_room_without_inputs_says_how_to_have_some() -> None:
    """The sender of an input is told why nothing moves."""
    with pytest.raises(UnknownType, match=r'"input"; a server takes inputs when .*input_type=…'):
        Catalog([Chat]).decode(JSON, b'{"type":"input","seq":1}')


@both
def test_a_catalog_of_names_alone_gives_untyped_messages(codec: Codec) -> None:
    """A game may use plain names only, without one class; where nothing is declared, no type is known."""
    data = codec.encode({"type": "emote", "face": ":)"})
    assert Catalog(["emote"]).decode(codec, data) == Untyped("emote", {"face": ":)"})
    with pytest.raises(UnknownType):
        Catalog().decode(codec, data)


def test_a_type_declared_later_is_understood_from_then_on() -> None:
    """Listeners may be added while messages come in."""
    growing = catalog()

    class Late(Message, frozen=True):
        when: int

    data = encode(JSON, Late(7))
    with pytest.raises(UnknownType):
        growing.decode(JSON, data)
    growing.add(Late)
    assert growing.decode(JSON, data) == Late(7)


def test_one_name_belongs_to_one_message() -> None:
    """A second class of the same name is refused, whatever comes first; the same one is not."""

    class Chat2(Message, frozen=True, tag="chat"):
        pass

    class Emote(Message, frozen=True):
        pass

    full = catalog()
    full.add(Chat)
    full.add("emote")
    for other, name in ((Chat2, "chat"), ("chat", "chat"), (Emote, "emote")):
        with pytest.raises(WrongArgument, match=f'"{name}" already names another message'):
            full.add(other)
    with pytest.raises(WrongArgument, match=r"test_messages\.Chat, and now .*<locals>\.Chat2; rename one"):
        full.add(Chat2)


def test_the_same_frame_means_one_message_in_a_union() -> None:
    """Types share fields without being mixed up; unknown fields of a newer sender are ignored."""
    assert message_type(Chat) == "chat"
    assert catalog().names >= {"chat", "input", "hello", "emote"}
    data = b'{"type":"chat","text":"hi","colour":"red"}'
    assert catalog().decode(JSON, data) == Chat("hi")
    both_sides = Catalog([*FROM_CLIENT, *FROM_SERVER])
    assert type(both_sides.decode(JSON, b'{"type":"pong","time":1,"server_time":2}')).__name__ == "Pong"


def test_a_message_is_made_by_name() -> None:
    """A class gives the typed message, a name takes any fields; a typing error gets a hint."""
    assert catalog().make("chat", {"text": "hi"}) == Chat("hi")
    assert catalog().make("emote", {"face": 1})["face"] == 1  # type: ignore[index]
    with pytest.raises(UnknownType, match=r'no message "caht".*did you mean "chat".*known: .*emote'):
        catalog().make("caht", {})
    with pytest.raises(UnknownType, match=r'"chat" is declared here; declare it: messages=\["chat"\] or'):
        Catalog().make("chat", {})


def test_a_field_cannot_be_called_type() -> None:
    """It would become another message on its way; the text says what to do, for a class as for a name."""
    with pytest.raises(BadMessage, match=r'"emote" cannot have a field "type".*call the field "kind"'):
        catalog().make("emote", {"type": "wave"})
    with pytest.raises(BadMessage, match='cannot have a field "type"'):
        Untyped("emote", {"type": "wave"})
    with pytest.raises(ValueError, match="'type'"):

        class Emote(Message):
            type: str


@pytest.mark.parametrize("name", ["emote", "chat"])
def test_an_option_among_the_fields_is_explained(name: str) -> None:
    """An option beside a name is a field that cannot travel; the text says where options go."""
    with pytest.raises(BadMessage, match="options go beside a message"):
        encode(JSON, catalog().make(name, {"text": "hi", "delivered": print}))


@pytest.mark.parametrize("fields", [{}, {"text": "hi", "colour": "red"}])
def test_missing_and_unknown_fields_are_told(fields: dict[str, Any]) -> None:
    """A message made by name needs exactly the fields of its class."""
    with pytest.raises(BadMessage, match='"chat"'):
        catalog().make("chat", fields)


@both
def test_what_a_reader_would_refuse_is_not_sent(codec: Codec) -> None:
    """A field that is not what its class says is named to the one who sends it; inside of others, too."""

    class Scores(Message, frozen=True):
        points: dict[str, list[float]]
        by: Annotated[str, Meta(max_length=3)] = ""

    assert encode_checked(codec, Scores({"Ada": [1, 2.5]})) == encode(codec, Scores({"Ada": [1, 2.5]}))
    bad: Any = Scores
    for wrong, where in ((bad({"Ada": ["x"]}), "points"), (bad({}, by="four"), "by"), (bad(3), "points")):
        with pytest.raises(BadMessage, match=f"cannot send {type(wrong).__name__}: .*{where}"):
            encode_checked(codec, wrong)


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("codec", "value"),
    [*itertools.product(CODECS, [object(), ENDLESS]), (JSON, {(1, 2): 3}), (MSGPACK, 2**70)],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_form_on_the_wire_is_a_bad_message(codec: Codec, value: object) -> None:
    """Sending an object, an endless list or too large a number is told to the sender at once."""
    with pytest.raises(BadMessage, match="cannot send Untyped"):
        encode(codec, Untyped("emote", {"x": value}))


def test_messages_are_frozen() -> None:
    """A message that was sent cannot change under code that still holds it."""
    with pytest.raises(AttributeError):
        Chat("hi").text = "ho"  # type: ignore[misc]
    assert issubclass(Chat, msgspec.Struct)
