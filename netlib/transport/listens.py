"""Saying what one wants to hear, as typed as it is written: what servers and clients of all kinds share."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, TypeVarTuple, overload

from netlib.arguments import check_listener
from netlib.events import Event, Listener, ListenerT
from netlib.protocol.messages import Message

if TYPE_CHECKING:  # defaults come with Python 3.13; type checkers have them for every Python
    from typing_extensions import TypeVar as DefaultVar

    PeerT = DefaultVar("PeerT", default=Any)  # what a server's listeners get before a message
    MessageT = DefaultVar("MessageT", bound=Message, default=Any)  # of a name it is anything
else:
    PeerT, MessageT = TypeVar("PeerT"), TypeVar("MessageT")

Key = type[Message] | type[Event] | str

Who = TypeVarTuple("Who")  # what listeners get before a message
EventT = TypeVar("EventT", bound=Event)
ResultT = TypeVar("ResultT")


class Registers(Protocol[*Who]):
    """A decorator for a listener that takes these arguments; it gives the listener back."""

    def __call__(self, listener: Callable[[*Who], ResultT], /) -> Callable[[*Who], ResultT]: ...


class Listens(ABC, Generic[*Who]):
    """What can be listened to: a server, a client, and those for programs without asyncio.

    A listener of an event gets the event; one of a message gets the message, on a server after its sender.
    """

    @overload
    def on(self, key: type[EventT]) -> Registers[EventT]: ...
    @overload
    def on(self, key: type[MessageT] | str) -> Registers[*Who, MessageT]: ...
    @overload
    def on(self, key: type[EventT], listener: Callable[[EventT], Any]) -> Listener: ...
    @overload
    def on(self, key: type[MessageT] | str, listener: Callable[[*Who, MessageT], Any]) -> Listener: ...
    def on(self, key: Key, listener: Any = None) -> Any:
        """Listen: ``@server.on(Chat)``, or ``server.on(Chat, listener)``.

        Args:
            key: a message class, an event class, or the plain name of a message without a class.
            listener: a function or coroutine function; without it, returns a decorator.

        Raises:
            WrongArgument: netlib itself uses a message of that name, or another class does; it is an event
                of the other side; or the listener cannot be called with what it will get.
        """
        self.declare(key)
        return partial(self.on, key) if listener is None else self._listen(key, listener)

    @abstractmethod
    def declare(self, key: Key) -> None:
        """Make a message known, so that it is decoded when it arrives and can be sent by name."""

    @abstractmethod
    def _listen(self, key: Key, listener: Listener) -> Listener:
        """Call a listener for a key that is declared."""


def fitting(key: Key, listener: ListenerT, *gets: str) -> ListenerT:
    """The listener of a key, if it can be called with an event, or else with what ``gets`` names.

    Raises:
        WrongArgument: it cannot.
    """
    name = key if isinstance(key, str) else key.__name__
    is_event = not isinstance(key, str) and issubclass(key, Event)
    check_listener(f"the listener of {name}", listener, *(("event",) if is_event else gets))
    return listener
