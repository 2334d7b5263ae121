"""Checks of discovery that run at once do not see each other: each has ports of its own."""

import contextlib

import pytest

from workshop.checking.peers import scripted_discovery
from workshop.checking.peers.scripted_discovery import AnsweringRoom, described, is_free, own_ports


def test_many_at_once_have_ports_of_their_own() -> None:
    """Thirty checks hold their ports at the same time, and no port is there twice."""
    with contextlib.ExitStack() as held:
        ports = [port for _ in range(30) for port in held.enter_context(own_ports())]
        assert len(set(ports)) == len(ports) == 120


async def test_ports_that_somebody_has_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is none of ours has one of the four: the next four are taken."""
    with own_ports() as first:
        pass
    async with AnsweringRoom(first[2], described("Somebody", 1)):
        assert not is_free(first[2])
        with own_ports() as others:
            assert not set(first) & set(others)


def test_no_free_port_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """When everything is taken, that is an error, and no endless search."""
    monkeypatch.setattr(scripted_discovery, "is_free", lambda port: False)
    with pytest.raises(OSError, match="no free UDP ports"), own_ports():
        pass
