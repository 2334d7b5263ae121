"""What a class file keeps of its host: the password as a hash, open desks, and the class's rests."""

import msgspec
import pytest

from workshop.instructor.classroom.host_memory import HostData, HostMemory


class Clock:
    """A clock that is set by hand, in seconds."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def restarted(before: HostMemory, password: str = "", clock: Clock | None = None) -> HostMemory:
    """The host of a later run with the same class file."""
    before.close()
    kept = msgspec.json.decode(msgspec.json.encode(before.data), type=HostData)
    host = HostMemory(password, clock=clock or Clock())
    host.open(kept)
    return host


def test_the_password() -> None:
    """It is made up once, opens also in later runs, and is nowhere in what is kept."""
    first = HostMemory()
    first.open(HostData())
    assert len(first.password) == 8 and first.opens(first.password)
    assert first.password not in repr(first.data)
    later = restarted(first)
    assert later.password == "" and later.opens(first.password)
    assert not later.opens("") and not later.opens(first.password + "x") and not later.opens("\udcff")


def test_desks_stay_open_as_long_as_the_password() -> None:
    """A desk comes back by its key; a new password shuts all desks, the same one does not."""
    first = HostMemory("plum")
    first.open(HostData())
    key = first.new_key()
    assert key not in repr(first.data)
    assert restarted(first).knows(key) and restarted(first, "plum").knows(key)
    changed = restarted(first, "pear")
    assert changed.opens("pear") and not changed.opens("plum") and not changed.knows(key)


def test_a_host_of_another_class() -> None:
    """Without a password nobody is let in, nor with the key of a desk of another class."""
    host, other = HostMemory("plum"), HostMemory("plum")
    assert not host.opens("plum") and not host.opens(""), "it is not open yet"
    host.open(HostData())
    other.open(HostData())
    assert not host.knows(other.new_key())


def test_rests() -> None:
    """The class rests while the room stands still or is closed; every run knows it."""
    clock = Clock()
    host = HostMemory(clock=clock)
    host.open(HostData())
    clock.now = 1100.0
    host.pause()
    clock.now = 1150.0
    assert host.rested(0.0, clock.now) == 50.0, "this rest goes on"
    clock.now = 1200.0
    host.go_on()
    clock.now = 1300.0
    before = host
    before.close()
    clock.now = 2000.0
    later = restarted_at(before, clock)
    assert later.rested(0.0, 9999.0) == pytest.approx(100.0 + 700.0)
    assert later.rested(1150.0, 1250.0) == 50.0
    assert later.rested(1210.0, 1290.0) == 0.0


def restarted_at(before: HostMemory, clock: Clock) -> HostMemory:
    """The host of a later run, which begins now, after one that is closed already."""
    host = HostMemory(clock=clock)
    host.open(before.data)
    return host
