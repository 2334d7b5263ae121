"""When a connection counts as dead; how long one is given to read is tested with pages, in `test_http`."""

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from netlib.transport.keepalive import MAX_SLACK, keep_alive


@pytest.mark.parametrize(
    ("silent", "slack", "does"),
    [
        (4.9, 0.0, []),
        (5.1, 0.0, ["ping"]),
        (10.1, 0.0, ["abort"]),
        (29.9, 20.0, ["ping"]),
        (30.1, 20.0, ["abort"]),
        (10.1 + MAX_SLACK, 1e9, ["abort"]),
    ],
)
def test_a_silent_client_is_pinged_and_then_ended(silent: float, slack: float, does: list[str]) -> None:
    """After half of the idle time a ping, after all of it the end; later, when it has much to read before."""
    done: list[str] = []

    def abort(reason: str) -> None:
        assert f"{silent:.0f} s" in reason
        done.append("abort")

    ping = partial(done.append, "ping")
    fake: Any = SimpleNamespace(last_received=100.0, slack=slack, ping=ping, abort=abort)
    keep_alive(fake, 100.0 + silent, 10.0)
    assert done == does
