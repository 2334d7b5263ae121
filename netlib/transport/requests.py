"""Requests and replies: a message that wants an answer, on either side of a session.

A request and its reply are counted messages, so a reconnect in between loses neither.
"""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from netlib.arguments import Seconds, check
from netlib.errors import BadMessage, MessageError, NetlibError, RequestFailed
from netlib.protocol.codecs import JSON
from netlib.protocol.frames import Reply, Request
from netlib.protocol.messages import AnyMessage, Message, encode_checked, to_wire
from netlib.transport.dispatch import Dispatcher
from netlib.transport.listens import MessageT

REQUEST_TIMEOUT = 10.0  # seconds to wait for a reply


class Requests:
    """The requests of one side that wait for their reply.

    Args:
        send: sends a message to the other side.
        dispatcher: makes a message of the decoded fields of a reply.
    """

    def __init__(self, send: Callable[[Message], object], dispatcher: Dispatcher[*tuple[Any, ...]]) -> None:
        self._send, self._dispatcher = send, dispatcher
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    async def ask(self, message: AnyMessage, timeout: float | None, reply: type[MessageT] | None) -> MessageT:
        """Send a request and wait for its reply.

        Args:
            timeout: seconds; None waits for ever.
            reply: the class of the reply, which is declared; None for any that is.

        Returns:
            The message that the other side answered with, or None.

        Raises:
            RequestFailed: it answered with an error.
            BadMessage: it answered with something else than a ``reply``.
            TimeoutError: it did not answer in time.
            NetlibError: what `fail` was given, or the request cannot be sent.
        """
        encode_checked(JSON, message)
        check("timeout", timeout, Seconds | None)
        if reply is not None:
            self._dispatcher.declare(reply)
        id = next(self._ids)
        answer = self._waiting[id] = asyncio.get_running_loop().create_future()
        try:
            self._send(Request(id, to_wire(message)))
            async with asyncio.timeout(timeout):
                found: MessageT = await answer
        finally:
            del self._waiting[id]
        if reply is not None and not isinstance(found, reply):
            raise BadMessage(f"the answer is a message of {type(found).__name__}, not of {reply.__name__}")
        return found

    def replied(self, reply: Reply) -> None:
        """A reply arrived; one that came too late is ignored."""
        waiting = self._waiting.get(reply.id)
        if waiting is None or waiting.done():
            return
        if reply.code:
            waiting.set_exception(RequestFailed(reply.code, reply.message))
            return
        try:
            waiting.set_result(None if reply.body is None else self._dispatcher.read(reply.body))
        except MessageError as error:
            waiting.set_exception(error)

    def fail(self, error: NetlibError) -> None:
        """No reply will come any more."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(error)
