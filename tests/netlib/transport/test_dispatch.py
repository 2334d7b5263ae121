"""What server and client share: listeners that declare their messages, and tasks that end."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from netlib.errors import BadMessage, UnknownType, WrongArgument, WrongCall
from netlib.events import CLIENT_EVENTS, HOLD, Connected, Disconnected, Event, Joined, Left
from netlib.protocol.frames import FROM_CLIENT, RESERVED, Reply, Request
from netlib.protocol.messages import Input, Message, Untyped
from netlib.state.state import Entity
from netlib.testing import until
from netlib.transport.dispatch import Dispatcher
from netlib.transport.mailbox import key_of
from tests.support.processes import in_thread


class Chat(Message, frozen=True):
    text: str


class Picture(Message, frozen=True):
    data: bytes


class Scored(Event, frozen=True):
    points: int


class Desk(Dispatcher[()]):
    """A dispatcher to which a test can say what happens."""

    def __init__(self) -> None:
        super().__init__(FROM_CLIENT)

    def happens(self, key: Any, *args: Any) -> int:
        return self._events.emit(key, *args)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_on_declares_the_message(desk: Desk) -> None:
    """A side that listens for a message understands it, and can send it by name."""
    with pytest.raises(UnknownType):
        desk.message_of("chat", {"text": "hi"})
    desk.on(Chat, print)
    assert "chat" in desk.catalog.names
    assert desk.message_of("chat", {"text": "hi"}) == Chat("hi")


def test_on_is_a_decorator_and_a_call(desk: Desk) -> None:
    """Both register, and both give the function back."""
    got: list[Any] = []

    @desk.on(Chat)
    def one(message: Chat) -> None:
        got.append(("one", message))

    add = got.append
    assert desk.on(Chat, add) is add
    assert one.__name__ == "one"
    assert desk.happens(Chat, Chat("hi")) == 2
    assert got == [("one", Chat("hi")), Chat("hi")]


def test_what_is_sent_by_name_is_checked(desk: Desk) -> None:
    """An untyped message needs no class, one that is made already no declaration; else fields must fit."""
    desk.on("emote", print)
    assert desk.message_of("emote", {"face": ":)"}) == Untyped("emote", {"face": ":)"})
    assert desk.message_of(Chat("hi"), {}) == Chat("hi")
    desk.declare(Chat)
    with pytest.raises(BadMessage):
        desk.message_of("chat", {"txt": "hi"})


def test_with_a_name_every_keyword_is_a_field(desk: Desk) -> None:
    """No name of an option, or of a parameter, is taken from a message; beside a message they are options."""
    desk.on("emote", print)
    fields: dict[str, Any] = dict.fromkeys(("message", "name", "self", "keywords", "fields", "timeout"), 3)
    emote = Untyped("emote", fields)
    assert desk.message("emote", **fields) == emote
    assert desk.meant("emote", fields, timeout=10) == (emote, {"timeout": 10})
    assert desk.meant(emote, {"timeout": 3}, timeout=10, exclude=()) == (emote, {"timeout": 3, "exclude": ()})


def test_netlibs_own_messages_are_not_sent_by_name(desk: Desk) -> None:
    """A game cannot say hello a second time by accident."""
    with pytest.raises(UnknownType):
        desk.message_of("hello", {"protocol": 1, "name": "x"})


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_netlibs_names_are_refused(desk: Desk, name: str) -> None:
    """A game that takes one of netlib's names is told at once, as name and as class."""

    class Mine(Message, frozen=True, tag=name):
        pass

    for kind in (name, Mine):
        with pytest.raises(ValueError, match=f'"{name}"'):
            desk.on(kind, print)


@pytest.mark.parametrize("kind", [Joined, Left, Connected, Disconnected])
@pytest.mark.parametrize("spell", [str, str.lower], ids=["Class", "class"])
def test_a_name_like_a_lifecycle_event_is_only_a_name(desk: Desk, kind: type[Event], spell: Any) -> None:
    """A peer that sends a message of that type reaches the listeners of the name, never of the class."""
    name, got = spell(kind.__name__), list[Any]()
    desk.on(kind, got.append)
    desk.on(name, lambda *_: None)
    assert (key_of(Chat("hi")), key_of(Untyped(name))) == (Chat, name)
    assert desk.happens(name, "peer", Untyped(name)) == 1
    assert got == []


class Plain:
    """What cannot cross the wire."""


class Move(Input, frozen=True):
    dx: float = 0.0


class Thing(Entity, frozen=True):
    x: int = 0


class Carrier(Message, frozen=True):
    what: list[Plain]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (Plain, "the key is <class .*; it must be a subclass of Message or a subclass of Event or a string"),
        (5, "the key is 5; it must be"),
        (Chat("hi"), r"the key is Chat\(text='hi'\); it must be"),
        (Thing, "the key is <class .*Thing.*; it must be"),
        (Move, r"nobody listens for Move: inputs are had by peer\.take_inputs\(\)"),
        (Carrier, "Carrier cannot cross the wire: .*Plain"),
        (Connected, "Connected never happens here: it is an event of the other side"),
    ],
)
def test_a_wrong_key_is_refused_where_it_is_given(desk: Desk, key: Any, text: str) -> None:
    """Whether it is listened to, once or always, or declared."""
    desk._never = CLIENT_EVENTS
    for use in (desk.declare, desk.on, lambda key: desk.once(key, print)):
        with pytest.raises(WrongArgument, match=text):
            use(key)
    assert "carrier" not in desk.catalog.names


def test_a_listener_that_cannot_be_called_so_is_refused_when_it_is_added(desk: Any) -> None:
    """Its own arguments are named, and those that it will get; a function that does not tell passes."""

    def one(message: Chat) -> None: ...
    async def two(peer: Any, message: Chat, *, loud: bool = False) -> None: ...

    assert desk.on(Chat, one) is one
    desk._listener_gets = ("peer", "message")
    assert desk.on(Chat)(two) is two
    calls: list[Callable[[], object]] = [
        lambda: desk.on(Chat, one),
        lambda: desk.on(Chat)(one),
        lambda: desk.once(Chat, one),
        lambda: desk.on_request(Chat)(one),
    ]
    for wrong in calls:
        with pytest.raises(
            WrongArgument, match=r"listener of Chat is .*one\(message: .*be a function of \(peer, message\)"
        ):
            wrong()
    with pytest.raises(WrongArgument, match=r"listener of Scored is .*; it must be a function of \(event\)"):
        desk.on(Scored, two)
    with pytest.raises(WrongArgument, match=r"listener of emote is 'x'; it must be a function of \(peer"):
        desk.on("emote", "x")
    desk.on(Chat, max)


@pytest.mark.parametrize(
    ("message", "fields", "text"),
    [
        (Chat, {}, "the message is <class .*; it must be an object of a class of netlib.Message"),
        (None, {}, "the message is None; it must be an object of a class of netlib.Message"),
        ({"text": "hi"}, {}, "the message is {'text': 'hi'}; it must be"),
        (b"raw", {}, "the message is b'raw'; it must be"),
        (Thing(), {}, "the message is Thing.*; it must be an object of a class of netlib.Message"),
        (Move(), {}, "an input is sent by send_input, which numbers it"),
        (Chat("hi"), {"but": 1}, "but: no option, and a message object has its fields already"),
    ],
)
def test_what_is_no_message_is_not_sent(desk: Desk, message: Any, fields: Any, text: str) -> None:
    """What came is named, and what to do with it instead."""
    with pytest.raises(WrongArgument, match=text):
        desk.message_of(message, fields)


def test_a_call_from_another_thread_is_refused(desk: Desk) -> None:
    """Once it is open; the text says what may be called from there."""
    refused: list[str] = []

    def call() -> None:
        try:
            desk.check_call()
        except WrongCall as error:
            refused.append(str(error))

    for desk._open_in in (0, threading.get_ident()):
        in_thread(call).join()
        desk.check_call()
    (text,) = refused
    assert "call_soon_threadsafe" in text and "netlib.threads" in text


def test_with_is_refused_in_words(desk: Desk) -> None:
    """`async with` is what was meant, or `netlib.threads`."""
    with pytest.raises(WrongCall, match=r"write `async with` instead of `with`.*netlib\.threads"), desk:
        pass


@pytest.mark.parametrize("is_async", [False, True])
async def test_an_answer_that_holds_up_everybody_is_named(
    desk: Desk, is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """As a listener that does."""

    def slow(_: Any) -> None:
        time.sleep(HOLD)

    async def slow_later(_: Any) -> None:
        await asyncio.sleep(0)
        slow(None)

    desk.on_request(Chat)(slow_later if is_async else slow)
    replies: list[Reply] = []
    await desk.answer(Request(1, Chat("hi")), replies.append)
    assert replies == [Reply(1)]
    assert f"{'slow_later' if is_async else 'slow'} ({__file__}" in caplog.text


def test_once_and_off(desk: Desk) -> None:
    """A listener for the next time only, and one that is taken off before."""
    got: list[int] = []
    desk.once(Scored, lambda event: got.append(event.points))
    off = desk.once(Scored, lambda event: got.append(-event.points))
    desk.off(Scored, off)
    desk.happens(Scored, Scored(1))
    desk.happens(Scored, Scored(2))
    assert got == [1]


async def test_wait_for_gives_what_a_listener_gets(desk: Desk) -> None:
    """One value as it is, several as a tuple; `where` says which one is meant."""
    one = asyncio.create_task(desk.wait_for(Scored))
    several = asyncio.create_task(desk.wait_for(Chat))
    choosy = asyncio.create_task(desk.wait_for(Scored, where=lambda event: event.points > 5))
    await asyncio.sleep(0)
    for points in (3, 9, 10):
        desk.happens(Scored, Scored(points))
    desk.happens(Chat, "peer", Chat("hi"))
    assert [await one, await choosy] == [Scored(3), Scored(9)]
    assert await several == ("peer", Chat("hi"))


async def test_wait_for_that_ends_early_leaves_no_listener(desk: Desk) -> None:
    """When its time is up, or when it is cancelled, nobody listens any more."""
    with pytest.raises(TimeoutError):
        await desk.wait_for(Scored, timeout=0.01)
    waiting = asyncio.create_task(desk.wait_for(Scored))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert desk.happens(Scored, Scored(1)) == 0


async def test_async_listeners_run_beside_everything_else(desk: Desk) -> None:
    """Emitting does not wait for them."""
    got: list[int] = []
    go_on = asyncio.Event()

    @desk.on(Scored)
    async def listener(event: Scored) -> None:
        await go_on.wait()
        got.append(event.points)

    desk.happens(Scored, Scored(1))
    desk.happens(Scored, Scored(2))
    assert got == []
    go_on.set()
    await until(lambda: got == [1, 2])


async def test_cancel_tasks_ends_everything_but_its_caller(desk: Desk) -> None:
    """A listener may be the one that closes all."""
    ended: list[str] = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("forever")

    async def closer() -> None:
        await desk.cancel_tasks()
        ended.append("closer")

    desk.spawn(forever())
    await asyncio.sleep(0)
    await desk.spawn(closer())
    assert ended == ["forever", "closer"]


@pytest.mark.parametrize("data", ["iVBORw==", b"\x89PNG"])
def test_bytes_inside_of_a_request_are_read(desk: Desk, data: str | bytes) -> None:
    """From MessagePack they come as they are, from JSON as text in base64; other text is no bytes."""
    desk.declare(Picture)
    assert desk.read({"type": "picture", "data": data}) == Picture(b"\x89PNG")
    with pytest.raises(BadMessage, match="Expected `bytes`"):
        desk.read({"type": "picture", "data": 5})
