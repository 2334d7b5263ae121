"""Typed messages: small values that cross the wire, checked on arrival.

A message is a class; its name, in snake case, is its ``type`` on the wire::

    class Chat(netlib.Message):
        text: Annotated[str, Meta(max_length=200)]

``Chat(text="hi")`` travels as ``{"type": "chat", "text": "hi"}``. What arrives is decoded and
validated in one pass by msgspec; a message that does not fit raises `BadMessage` here and
never reaches a listener.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, TypeAlias, dataclass_transform

import msgspec

from netlib.errors import BadMessage, UnknownType, WrongArgument, did_you_mean
from netlib.protocol.codecs import MALFORMED, Codec

MAX_TYPE_NAME = 64  # characters of a message's type
MAX_CHECKED = 64 * 1024  # bytes of a frame that is looked at again before it is sent; it takes 0.1 ms
NO_INPUTS = "; a server takes inputs when it has an input_type: Server(…, input_type=…)"
OPTIONS = "with a name, every keyword is a field; options go beside a message: see `message`"


def type_name(class_name: str) -> str:
    """The name on the wire of a message class: ``RoundOver`` becomes ``round_over``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Message(msgspec.Struct, frozen=True, omit_defaults=True, tag=type_name, tag_field="type"):
    """Base of all typed messages. Fields with a default may be left out on the wire."""


class Input(Message, frozen=True, omit_defaults=True, kw_only=True, tag="input"):
    """Base of a game's input: a player's intent for one tick, never a position.

    ``seq`` counts a player's inputs from 1; `Client.send_input` fills it in. So it does ``shown_tick``, the
    tick that the player saw, which may lie between two: for `netlib.lag_compensation`.

    Raises:
        WrongArgument: a class has a field of one of these names.
    """

    seq: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    shown_tick: Annotated[float, msgspec.Meta(ge=0, le=2**53)] | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        named = vars(cls).keys() | inspect.get_annotations(cls).keys()
        for name in sorted(named & {"seq", "shown_tick"}):
            raise WrongArgument(
                f"{cls.__name__} has a field {name!r}, which netlib fills in; choose another name"
            )


class Untyped(msgspec.Struct, frozen=True):
    """A message without a class: its type, and its other fields as plain JSON values."""

    type: str
    fields: Mapping[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if "type" in self.fields:
            text = 'cannot have a field "type", its own name on the wire; call the field "kind", for instance'
            raise BadMessage(f'"{self.type}" {text}', self.type)

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]


AnyMessage: TypeAlias = Message | Untyped


class _Peek(msgspec.Struct):
    type: Annotated[str, msgspec.Meta(max_length=MAX_TYPE_NAME)]


def message_type(kind: type[Message]) -> str:
    """The ``type`` on the wire of a message class."""
    return str(kind.__struct_config__.tag)


class Catalog:
    """The message types that one side understands, and how to decode them.

    Args:
        types: message classes, and plain names for messages without a class.
    """

    def __init__(self, types: Iterable[type[Message] | str] = ()) -> None:
        self._typed: dict[str, type[Message]] = {}
        self._untyped: set[str] = set()
        self._decoders: dict[Codec, Any] = {}
        for kind in types:
            self.add(kind)

    def add(self, kind: type[Message] | str) -> None:
        """Declare a message class or a plain name. Declaring one twice changes nothing.

        Raises:
            WrongArgument: the name already belongs to another class, or to a message without one.
        """
        name = kind if isinstance(kind, str) else message_type(kind)
        before = self._typed.get(name, name if name in self._untyped else kind)
        if before != kind:
            both = f'"{name}" already names another message: {_full_name(before)}, and now {_full_name(kind)}'
            raise WrongArgument(f'{both}; rename one, or give its class tag="…"')
        if isinstance(kind, str):
            self._untyped.add(kind)
        else:
            self._typed[name] = kind
            self._decoders.clear()

    @property
    def names(self) -> set[str]:
        """The types that are declared, as they are on the wire."""
        return set(self._typed) | self._untyped

    def make(self, name: str, fields: Mapping[str, Any]) -> AnyMessage:
        """A message from its name and fields.

        Raises:
            UnknownType: no message of that name is declared; the text may say which was meant.
            BadMessage: a field is missing, unknown or of the wrong type.
        """
        if name in self._untyped:
            return Untyped(name, fields)
        if name not in self._typed:
            known = f" (known: {', '.join(sorted(self.names))})" if self.names else ""
            hint = did_you_mean(name, self.names) or f'; declare it: messages=["{name}"] or declare("{name}")'
            raise UnknownType(f'no message "{name}" is declared here{hint}{known}')
        try:
            return self._typed[name](**fields)
        except TypeError as error:
            raise BadMessage(f'"{name}": {error} ({OPTIONS})') from error

    def decode(self, codec: Codec, data: bytes) -> AnyMessage:
        """The message in one frame.

        Raises:
            UnknownType: its type is not declared here.
            BadMessage: it is not an object, a field is missing or has the wrong type.
        """
        if not self._typed:
            return self._untyped_or_raise(codec, data)
        try:
            message: Message = self._decoder(codec).decode(data)
            return message
        except MALFORMED as error:
            return self._untyped_or_raise(codec, data, error)

    def _decoder(self, codec: Codec) -> Any:
        if codec not in self._decoders:
            self._decoders[codec] = codec.decoder(reduce(or_, self._typed.values()))
        return self._decoders[codec]

    def _untyped_or_raise(self, codec: Codec, data: bytes, error: Exception | None = None) -> Untyped:
        name = peek_type(codec, data)
        if name in self._typed:
            raise BadMessage(f'"{name}" does not fit: {error}', name) from error
        if name not in self._untyped:
            hint = NO_INPUTS if name == message_type(Input) else did_you_mean(name, self.names)
            raise UnknownType(f'nothing here listens for "{name}"{hint}', name)
        fields = _decoded(codec, dict[str, Any], data, "")
        fields.pop("type", None)
        return Untyped(name, fields)


def peek_type(codec: Codec, data: bytes) -> str:
    """The type of the message in one frame.

    Raises:
        BadMessage: it is not an object, or has no type.
    """
    name: str = _decoded(codec, _Peek, data, ' with a "type"').type
    return name


def _decoded(codec: Codec, shape: Any, data: bytes, what: str) -> Any:
    try:
        return codec.decoder(shape).decode(data)
    except MALFORMED as error:
        raise BadMessage(f"this is not a {codec.name} object{what}: {error}") from error


def encode(codec: Codec, message: AnyMessage) -> bytes:
    """One frame for a message.

    Raises:
        BadMessage: a field holds something that has no form on the wire.
    """
    try:
        return codec.encode(to_wire(message))
    except (*MALFORMED, TypeError, OverflowError) as error:
        hint = f" ({OPTIONS})" * isinstance(message, Untyped)
        raise BadMessage(f"cannot send {type(message).__name__}: {error}{hint}") from error


def encode_checked(codec: Codec, message: AnyMessage) -> bytes:
    """One frame for a message of the game, whose fields are what its class says, as its reader checks, too.

    Of frames above `MAX_CHECKED` the reader is the first to look.

    Raises:
        BadMessage: a field is not, or has no form on the wire.
    """
    data = encode(codec, message)
    if len(data) <= MAX_CHECKED:
        try:
            _reader(codec, type(message))(data)
        except MALFORMED as error:
            raise BadMessage(f"cannot send {type(message).__name__}: {error}") from error
    return data


@cache
def _reader(codec: Codec, kind: type[AnyMessage]) -> Callable[[bytes], object]:
    return codec.decoder(kind).decode if issubclass(kind, Message) else len  # an untyped one has any fields


def _full_name(kind: type[Message] | str) -> str:
    return "a message without a class" if isinstance(kind, str) else f"{kind.__module__}.{kind.__qualname__}"


def to_wire(message: AnyMessage) -> Any:
    """The message as a codec takes it, alone or inside another."""
    return {"type": message.type, **message.fields} if isinstance(message, Untyped) else message
