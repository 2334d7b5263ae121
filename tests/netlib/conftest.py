"""What netlib's tests share."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.target import Target, a_target


@pytest.fixture
async def target() -> AsyncIterator[Target]:
    """Give a room with a witness."""
    async with a_target() as room:
        yield room


@pytest.fixture
def no_errors_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test in which the server logs an error: nothing that a client sends is one."""
    with caplog.at_level(logging.WARNING):
        yield
    assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
