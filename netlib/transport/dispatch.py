"""How a game hears what happened: listeners on asyncio, which `Server` and `Client` share, and a mailbox."""

import asyncio
import inspect
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, TypeAlias, overload

from netlib.errors import MessageError, RequestFailed, UnknownType
from netlib.events import Event, Events, Listener, ListenerT, log
from netlib.protocol.codecs import MSGPACK
from netlib.protocol.frames import RESERVED, Reply, Request
from netlib.protocol.messages import AnyMessage, Catalog, Message, Untyped, message_type, to_wire

MAX_WAITING = 10_000  # events; when nobody reads, the oldest are dropped
FAILED = "failed"  # the code of a reply when the answering function raised

Key = type[Message] | type[Event] | str
Happened: TypeAlias = Event | AnyMessage


class Dispatcher:
    """Listeners for messages and events, and the messages that this side understands.

    Args:
        built_in: netlib's own messages that this side receives.
    """

    def __init__(self, built_in: Iterable[type[Message]]) -> None:
        self.catalog = Catalog(built_in)
        self._declared = Catalog()
        self._answers: dict[Any, Listener] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._events = Events(spawn=self.spawn)

    @overload
    def on(self, key: Key) -> Callable[[ListenerT], ListenerT]: ...
    @overload
    def on(self, key: Key, listener: ListenerT) -> ListenerT: ...
    def on(self, key: Key, listener: Any = None) -> Any:
        """Listen: ``@server.on(Chat)``, or ``server.on(Chat, listener)``.

        Args:
            key: a message class, an event class, or the plain name of a message without a class.
            listener: a function or coroutine function; without it, returns a decorator.

        Raises:
            ValueError: netlib itself uses a message of that name, or another class does.
        """
        self.declare(key)
        if listener is None:
            return lambda function: self._events.on(key, function)
        return self._events.on(key, listener)

    def once(self, key: Key, listener: Listener) -> Listener:
        """Listen for the next time only. Returns the handle that `off` takes."""
        self.declare(key)
        return self._events.once(key, listener)

    def off(self, key: Key, listener: Listener) -> None:
        """Stop listening."""
        self._events.off(key, listener)

    def on_request(self, key: type[Message] | str) -> Callable[[ListenerT], ListenerT]:
        """Answer requests: what the decorated function returns, a message or None, is the reply.

        It may be a coroutine function, and raise `RequestFailed` to answer with an error.

        Raises:
            ValueError: as for `on`, or somebody answers these already.
        """
        self.declare(key)
        if key in self._answers:
            raise ValueError(f"{key!r} requests have an answer already; there can be only one")

        def decorate(function: ListenerT) -> ListenerT:
            self._answers[key] = function
            return function

        return decorate

    async def wait_for(
        self, key: Key, *, where: Callable[..., bool] | None = None, timeout: float | None = None
    ) -> Any:
        """Wait for the next event or message.

        Args:
            key: as for `on`.
            where: gets what a listener would get, and says whether this is the one.
            timeout: seconds.

        Returns:
            What a listener would get: one value, or a tuple of several.

        Raises:
            TimeoutError: it did not happen in time.
        """
        found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def listener(*args: Any) -> None:
            if not found.done() and (where is None or where(*args)):
                found.set_result(args[0] if len(args) == 1 else args)

        self.on(key, listener)
        try:
            async with asyncio.timeout(timeout):
                return await found
        finally:
            self.off(key, listener)

    def call(self, function: Listener, *args: Any) -> None:
        """Call a function as a listener: what it raises is logged, and hurts nobody else."""
        self._events.call(function, *args)

    def declare(self, key: Key) -> None:
        """Make a message known, so that it is decoded when it arrives and can be sent by name."""
        if isinstance(key, type) and issubclass(key, Event):
            return
        name = key if isinstance(key, str) else message_type(key)
        if name in RESERVED and name not in self.catalog.names:
            raise ValueError(f'netlib itself uses messages of type "{name}"; choose another name')
        self.catalog.add(key)
        self._declared.add(key)

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine beside everything else, until `cancel_tasks`."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)  # asyncio itself keeps only weak references
        task.add_done_callback(self._tasks.discard)
        return task

    async def cancel_tasks(self) -> None:
        """End everything that was spawned."""
        tasks = self._tasks - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def answer(self, request: Request, send: Callable[[Reply], object], *who: Any) -> None:
        """Answer a request.

        Args:
            send: sends the reply to the other side.
            who: what the answering function gets before the message. What it raises becomes the reply: the
                text of a `RequestFailed` or `MessageError`; of anything else only that it failed.
        """
        try:
            send(await self._reply(request, *who))
        except MessageError:
            log.exception("the reply to a request cannot be sent")
            send(_failed(request))

    async def _reply(self, request: Request, *who: Any) -> Reply:
        try:
            message = self.read(request.body)
            function = self._answers.get(key_of(message))
            if function is None:
                raise UnknownType("nothing here answers such a request")
            found = function(*who, message)
            found = await found if inspect.isawaitable(found) else found
            return Reply(request.id, None if found is None else to_wire(found))
        except (RequestFailed, MessageError) as error:
            return Reply(request.id, code=error.code, message=str(error))
        except Exception:
            log.exception("a request could not be answered")
            return _failed(request)

    def read(self, fields: Any) -> AnyMessage:
        """The message in the decoded fields of a request or reply.

        Raises:
            UnknownType, BadMessage: see `Catalog.decode`.
        """
        return self.catalog.decode(MSGPACK, MSGPACK.encode(fields))

    def message_of(self, message: AnyMessage | str, fields: dict[str, Any]) -> AnyMessage:
        """The message that ``send("chat", text="hi")`` or ``send(Chat(text="hi"))`` means.

        Raises:
            UnknownType: no message of that name is declared.
            BadMessage: a field is missing or unknown.
        """
        return self._declared.make(message, fields) if isinstance(message, str) else message


def _failed(request: Request) -> Reply:
    return Reply(request.id, code=FAILED, message="the other side failed to answer; its log tells why")


def key_of(message: AnyMessage) -> Any:
    """The key under which listeners of a message are registered."""
    return message.type if isinstance(message, Untyped) else type(message)


class Mailbox:
    """What happened, in order of arrival, for a render loop that polls it or a task that awaits it.

    Attributes:
        dropped: how many were lost because nobody read.
    """

    def __init__(self) -> None:
        self._waiting: deque[Happened] = deque(maxlen=MAX_WAITING)
        self._news = asyncio.Event()
        self.dropped = 0

    def put(self, happened: Happened) -> None:
        """Add an event."""
        self.dropped += len(self._waiting) == MAX_WAITING
        self._waiting.append(happened)
        self._news.set()

    def take(self) -> list[Happened]:
        """Everything that waits, oldest first; it is then gone."""
        taken = list(self._waiting)
        self._waiting.clear()
        self._news.clear()
        return taken

    async def stream(self, until: type[Event]) -> AsyncIterator[Happened]:
        """Each event as it comes, ending with the first of the given class."""
        while True:
            while self._waiting:
                happened = self._waiting.popleft()
                yield happened
                if isinstance(happened, until):
                    return
            self._news.clear()
            await self._news.wait()
