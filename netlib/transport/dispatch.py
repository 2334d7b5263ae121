"""How a game hears what happened, and answers requests: what `Server` and `Client` share."""

import asyncio
import contextlib
import inspect
import time
from collections.abc import Callable, Coroutine, Iterable
from threading import get_ident
from typing import Any, NoReturn

import msgspec

from netlib.arguments import Seconds, check
from netlib.errors import BadMessage, MessageError, RequestFailed, UnknownType, WrongArgument, WrongCall
from netlib.events import Event, Events, Listener, log
from netlib.protocol.codecs import JSON, MALFORMED, MSGPACK
from netlib.protocol.frames import RESERVED, Fields, Reply, Request
from netlib.protocol.messages import AnyMessage, Catalog, Input, Message, Untyped, message_type, to_wire
from netlib.transport.listens import Key, Listens, MessageT, Registers, ResultT, Who, fitting
from netlib.transport.mailbox import key_of

NO_MESSAGE = "it must be an object of a class of netlib.Message, or the name of a declared one"
ELSEWHERE = "another thread must use loop.call_soon_threadsafe(client.send, message), or netlib.threads"
FAILED = "failed"  # the code of a reply when the answering function raised
FAILURES = (Exception, asyncio.CancelledError)  # the second of a cancelled task that is asked for its result

SENT = (Message, Untyped)


class Dispatcher(Listens[*Who]):
    """Listeners for messages and events, and the messages that this side understands.

    Args:
        built_in: netlib's own messages that this side receives.
    """

    _listener_gets: tuple[str, ...] = ("message",)  # what the listener of a message is called with, by name
    _never: tuple[type[Event], ...] = ()  # the events that happen only on the other side
    _open_in = 0  # the number of the thread in which this is open; 0 before, -1 after
    _unopened = ""  # what is wrong with a call before or after that; empty for nothing

    def __init__(self, built_in: Iterable[type[Message]]) -> None:
        self.catalog = Catalog(built_in)
        self._declared = Catalog()
        self._answers: dict[Any, Listener] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._events = Events(self.spawn, time.perf_counter, FAILURES)

    def _listen(self, key: Key, listener: Listener) -> Listener:
        return self._events.on(key, fitting(key, listener, *self._listener_gets))

    def once(self, key: Key, listener: Listener) -> Listener:
        """Listen for the next time only. Returns the handle that `off` takes. Raises as `on`."""
        self.declare(key)
        return self._events.once(key, fitting(key, listener, *self._listener_gets))

    def off(self, key: Key, listener: Listener) -> None:
        """Stop listening."""
        self._events.off(key, listener)

    def on_request(self, key: type[MessageT] | str) -> Registers[*Who, MessageT]:
        """Answer requests: what the decorated function returns, a message or None, is the reply.

        It may be a coroutine function, and raise `RequestFailed` to answer with an error.

        Raises:
            WrongArgument: as for `on`, or somebody answers these already.
        """
        check("the key", key, type[Message] | str)
        self.declare(key)
        if key in self._answers:
            raise WrongArgument(f"{key!r} requests have an answer already; there can be only one")

        def decorate(function: Callable[[*Who, MessageT], ResultT]) -> Callable[[*Who, MessageT], ResultT]:
            self._answers[key] = fitting(key, function, *self._listener_gets)
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

        self.declare(key)
        check("timeout", timeout, Seconds | None)
        self._events.on(key, listener)
        try:
            async with asyncio.timeout(timeout):
                return await found
        finally:
            self.off(key, listener)

    def call(self, function: Listener, *args: Any) -> None:
        """Call a function as a listener: what it raises is logged, and hurts nobody else."""
        self._events.call(function, *args)

    def declare(self, key: Key) -> None:
        """Make a message known, so that it is decoded when it arrives and can be sent by name.

        Raises:
            WrongArgument: netlib itself uses a message of that name, or another class does; it is an event
                of the other side; or a field of the class has no form on the wire.
        """
        check("the key", key, Key)
        if isinstance(key, type) and issubclass(key, Event):
            if issubclass(key, self._never):
                raise WrongArgument(f"{key.__name__} never happens here: it is an event of the other side")
            return
        name = key if isinstance(key, str) else _travelling(key)
        if name in RESERVED and name not in self.catalog.names:
            raise WrongArgument(f'netlib itself uses messages of type "{name}"; choose another name')
        self.catalog.add(key)
        self._declared.add(key)

    def check_call(self) -> None:
        """Refuse a call from another thread than that in which this is open, since nothing here has a lock.

        Raises:
            WrongCall: it is another one; or this should be open, and is not.
        """
        if self._open_in != get_ident() and (problem := ELSEWHERE if self._open_in > 0 else self._unopened):
            raise WrongCall(problem)

    def __enter__(self) -> NoReturn:
        raise WrongCall("write `async with` instead of `with`; without asyncio there is netlib.threads")

    def __exit__(self, *_: object) -> None: ...

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine beside everything else, until `cancel_tasks`."""
        check("what is spawned", coroutine, Coroutine[Any, Any, Any])
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

    async def finish_tasks(self, timeout: float) -> None:
        """Let what was spawned come to its end, and cancel what has not after so many seconds."""
        if tasks := self._tasks - {asyncio.current_task()}:
            await asyncio.wait(tasks, timeout=timeout)
        await self.cancel_tasks()

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
            found = await self._events.in_steps(function, _answered(function, *who, message))
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
        try:
            return self.catalog.decode(MSGPACK, MSGPACK.encode(fields))
        except OverflowError as error:
            raise BadMessage(f"a number is too large: {error}") from error
        except BadMessage:
            with contextlib.suppress(MessageError, TypeError, *MALFORMED):
                return self.catalog.decode(JSON, JSON.encode(fields))  # there, bytes are text in base64
            raise

    def message(self, name: str, /, **fields: Any) -> AnyMessage:
        """A declared message by its name and fields, to be sent with options: ``delivered=`` and the like.

        Raises:
            UnknownType, BadMessage: as for `message_of`.
        """
        return self._declared.make(name, fields)

    def meant(self, message: AnyMessage | str, keywords: Fields, **options: Any) -> tuple[AnyMessage, Fields]:
        """The message that is meant, and how it is sent.

        Args:
            message: a message, or the name of a declared one.
            keywords: with a name they all are its fields, whatever they are called; else options.
            options: which there are, with their defaults.

        Raises:
            UnknownType, BadMessage: as for `message_of`.
        """
        if isinstance(message, str):
            return self.message_of(message, keywords), options
        unknown = {name: value for name, value in keywords.items() if name not in options}
        if keywords.get("delivered") is not None:
            check("delivered", keywords["delivered"], Callable[..., Any])
        return self.message_of(message, unknown), options | keywords

    def message_of(self, message: AnyMessage | str, fields: dict[str, Any]) -> AnyMessage:
        """The message that ``send("chat", text="hi")`` or ``send(Chat(text="hi"))`` means.

        Raises:
            UnknownType: no message of that name is declared.
            BadMessage: a field is missing or unknown.
            WrongArgument: it is no message; it has fields already, and is given more; or it is an input.
        """
        if isinstance(message, str):
            return self._declared.make(message, fields)
        if not isinstance(message, SENT):
            raise WrongArgument(f"the message is {message!r:.60}; {NO_MESSAGE}")
        if isinstance(message, Input) and not message.seq:
            raise WrongArgument("an input is sent by send_input, which numbers it")
        if fields:
            raise WrongArgument(
                f"{', '.join(fields)}: no option, and a message object has its fields already"
            )
        return message


def _failed(request: Request) -> Reply:
    return Reply(request.id, code=FAILED, message="the other side failed to answer; its log tells why")


def _travelling(kind: type[Message]) -> str:
    """The type on the wire of a class that may be declared."""
    if issubclass(kind, Input):
        raise WrongArgument(f"nobody listens for {kind.__name__}: inputs are had by peer.take_inputs()")
    try:
        msgspec.json.schema(kind)
    except TypeError as error:
        reason = str(error).splitlines()[-1]
        raise WrongArgument(f"{kind.__name__} cannot cross the wire: {reason}") from error
    return message_type(kind)


async def _answered(function: Listener, *args: Any) -> Any:
    found = function(*args)
    return await found if inspect.isawaitable(found) else found
