"""Checks of discovery that run at once do not see each other, and what they script says what it shall."""

import contextlib

import pytest

from netlib.beacon import encode_probe
from workshop.checking.peers import scripted_discovery
from workshop.checking.peers.scripted_discovery import (
    AnsweringRoom,
    Searcher,
    described,
    is_free,
    other_host,
    own_ports,
)
from workshop.checking.peers.waiting import until

SECONDS = 5.0


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


async def test_a_scripted_room_is_heard() -> None:
    """A searcher hears it, also when it answers only some questions, with rubbish around it, and twice."""
    with own_ports() as ports:
        room = AnsweringRoom(ports[3], described("Lab", 4000), twice=True, every=2, besides=[b"x"])
        async with room, Searcher() as searcher:
            found = await searcher.ask(ports, SECONDS)
            assert found is not None
            assert (found.name, found.port) == ("Lab", 4000)
            assert await searcher.ask(ports, SECONDS) is not None
            assert len(room.answered) == (len(room.askers) + 1) // 2
            assert set(room.askers) == {searcher.port}
            assert b"x" in [data for data, _ in searcher.heard]


async def test_a_room_on_another_network() -> None:
    """A room at another address of this machine hears questions there, and answers from there."""
    with own_ports() as ports:
        room = AnsweringRoom(ports[0], described("Far", 4000), host=other_host())
        async with room, Searcher(other_host()) as searcher:
            searcher._datagrams.send(encode_probe(searcher.nonce), (room.host, ports[0]))
            assert await until(searcher.answers, SECONDS)
    assert (searcher.answers()[0].address, len(room.asked)) == (room.address, 1)
