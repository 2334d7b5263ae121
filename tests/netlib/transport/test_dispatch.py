"""What server and client share: listeners that declare their messages, and tasks that end."""

import asyncio
from typing import Any

import pytest

from netlib.errors import BadMessage, UnknownType
from netlib.events import Connected, Disconnected, Event, Joined, Left
from netlib.protocol.frames import FROM_CLIENT, RESERVED
from netlib.protocol.messages import Message, Untyped
from netlib.testing import until
from netlib.transport.dispatch import Dispatcher, key_of


class Chat(Message, frozen=True):
    text: str


class Scored(Event, frozen=True):
    points: int


class Desk(Dispatcher):
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
