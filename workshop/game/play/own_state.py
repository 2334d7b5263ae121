"""A client that keeps the state itself: the game makes it out of messages, as netlib does elsewhere."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

import netlib
from workshop.game.rules.entities import ROUND_ID, SCHEMA

Fields = dict[str, dict[int, dict[str, Any]]]  # of entities, by collection and id


class OwnStateClient(netlib.Client):
    """A client whose `state` is made by the game.

    Args:
        update: from the state before and a message to the state after, with entities as plain fields.
        messages: those that it is for.
        more: for `netlib.Client`.
    """

    def __init__(
        self,
        url: str,
        update: Callable[[Any, Any], Fields],
        *,
        messages: Iterable[type[netlib.Message]],
        **more: Any,
    ) -> None:
        super().__init__(url, **more)
        self._update, self._heard = update, deque[Any]()
        self._fields: Fields = {}
        self._typed = netlib.Collections[Any]({name: {} for name in SCHEMA})
        for kind in messages:
            self.on(kind, self._heard.append)

    @property
    def state(self) -> netlib.Collections[Any]:
        """The newest state; without entities before there is a round, from which everybody makes the map."""
        if self._heard:
            while self._heard:
                self._fields = self._update(self._fields, self._heard.popleft())
            if ROUND_ID in self._fields.get("round", {}):
                found = {
                    name: msgspec.convert(self._fields.get(name, {}), dict[int, kind])  # type: ignore[valid-type]
                    for name, kind in SCHEMA.items()
                }
                self._typed = netlib.Collections(found)
        return self._typed

    @property
    def tick(self) -> int:
        """The server's tick now, by the clocks: it does not say of which one its messages are."""
        return int((self.server_clock.time(netlib.clock()) or 0.0) * self.tick_rate)
