"""What the tests of programs without asyncio share."""

import threading
from collections.abc import Iterator

import pytest

from tests.support.processes import wait_until


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    wait_until(lambda: set(threading.enumerate()) <= before, "the end of all threads")
