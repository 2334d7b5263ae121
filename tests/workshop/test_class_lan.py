"""A class on a LAN: the host on one machine, an attendee on another, each a network namespace of its own."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.lan import Lan, host_room, lan_fixture
from workshop.instructor.classroom.database import read_places
from workshop.instructor.classroom.place import Place

__all__ = ["lan_fixture"]

pytestmark = pytest.mark.root

WORKSHOP = [sys.executable, "-m", "workshop"]
LONGER = 0.3  # seconds by which a command may take longer without the host
NOISE = 0.3  # seconds that a busy machine may add to the best of some tries
TRIES = 20  # at most: each is timed beside one that reaches the host, so that both know the same load
UNHEARD = 4


class Classroom:
    """A host with a class file, and Ann's laptop."""

    def __init__(self, lan: Lan, folder: Path) -> None:
        self.lan, self._folder = lan, folder
        self.file = folder / "class.db"
        host_room(lan, folder / "host.log", "--name", "Monday", "--class", str(self.file))

    def ann(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What Ann types."""
        environment = {"WORKSHOP_PROGRESS": str(self._folder / "ann.json"), "WORKSHOP_TYPED": "workshop"}
        return self.lan.run("ann", [*WORKSHOP, *words], stdin=subprocess.DEVNULL, env=environment)

    def seconds_of_start(self) -> float:
        """How long it takes her to turn to a step."""
        began = time.perf_counter()
        assert self.ann("start", "2").returncode == 0
        return time.perf_counter() - began

    def seconds_longer(self) -> float:
        """How much longer it takes her while the host's packets vanish; the best of some tries."""
        heard, unheard = [], []
        for _ in range(TRIES):
            heard.append(self.seconds_of_start())
            self.lan.cut("server")
            unheard.append(self.seconds_of_start())
            self.lan.mend("server")
            if min(unheard) - min(heard) <= LONGER + NOISE:
                break
        return min(unheard) - min(heard)

    @property
    def places(self) -> list[Place]:
        """What is in the class file."""
        return read_places(self.file)


@pytest.fixture
def classroom(lan: Lan, tmp_path: Path) -> Classroom:
    """Give an open room on the LAN."""
    return Classroom(lan, tmp_path)


def test_the_class_is_found_and_hears(classroom: Classroom) -> None:
    """`class join` finds the room by broadcast; then a real check of hers is in the file at the host's."""
    joined = classroom.ann("class", "join", "Ann")
    assert joined.returncode == 0, joined.stdout + joined.stderr
    assert f'Found "Monday" at {classroom.lan.address("server")}' in joined.stdout
    assert 'You are in the class of "Monday" as Ann.' in joined.stdout
    checked = classroom.ann("check", "2")
    assert checked.returncode == 1, checked.stdout + checked.stderr
    (ann,) = classroom.places
    if not ann.work:  # the machine was busy for longer than Ann was made to wait: it is told the next time
        assert classroom.ann("stuck", "help").returncode == 0
        (ann,) = classroom.places
    assert (ann.nickname, ann.step) == ("Ann", "step02_echo")
    assert ann.work["step02_echo"].checks == 1
    assert classroom.ann("class", "leave").returncode == 0
    assert classroom.places == []


def test_a_pulled_cable(classroom: Classroom) -> None:
    """While the host's packets vanish, a command takes at most 0.3 s longer; it is all told afterwards."""
    assert classroom.ann("class", "join", "Ann").returncode == 0
    assert classroom.seconds_longer() <= LONGER + NOISE
    classroom.seconds_of_start()  # and what the host has not heard is told
    classroom.lan.cut("server")
    for _ in range(UNHEARD):
        classroom.seconds_of_start()
    assert f"has not heard {UNHEARD} things yet" in classroom.ann("class").stdout
    classroom.lan.mend("server")
    stuck = classroom.ann("stuck", "port", "in", "use?")
    assert stuck.returncode == 0, stuck.stderr
    (ann,) = classroom.places
    assert (ann.step, ann.state, ann.words) == ("step02_echo", "stuck", "port in use?")
