"""What the tests of the example games share."""

import socket

import pytest

from tests.support.rooms import LOOPBACK


@pytest.fixture
def port() -> int:
    """Give a TCP port that is free."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        found: int = probe.getsockname()[1]
        return found
