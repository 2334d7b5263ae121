"""A stage is looked at before it is run: its files are there, can be read, and hide nothing."""

import pytest

from tests.workshop.checking.conftest import Write
from workshop.checking.stage import Stage
from workshop.checking.verdict import Wrong


def refused(stage: Stage, *files: str) -> Wrong:
    """What is said about a stage that cannot be run."""
    with pytest.raises(Wrong) as caught:
        stage.require(list(files))
    return caught.value


def test_a_file_that_is_imported(stage: Write) -> None:
    """Files that a program imports are looked at with it; a scratch file beside it may be anything."""
    tried = stage(server="from starter.step99_tried.world import World\n", world="", scratch="(((")
    wrong = refused(tried, "server.py")
    assert wrong.expected == "world.py is a Python program"
    assert wrong.saw == "it is empty"
    assert "reset 99" in wrong.hint


def test_a_file_is_missing(stage: Write) -> None:
    """A file that is not there is told with the way to have it back."""
    assert "reset 99" in refused(stage(), "server.py").hint


def test_a_file_that_hides_a_module(stage: Write) -> None:
    """A scratch file with a module's name in the stage is named; so is one beside the project."""
    tried = stage(server="import random\n", random="print('scratch')\n")
    assert (
        "starter/step99_tried/random.py hides Python's own module random" in refused(tried, "server.py").saw
    )
    (tried.folder / "random.py").rename(tried.root / "rich.py")
    assert refused(tried, "server.py").saw == "rich.py hides the installed module rich"


@pytest.mark.parametrize("line", ["from starter.step99_tried.queue import Queue", "from . import queue"])
def test_a_module_of_their_own(stage: Write, line: str) -> None:
    """A file that the program imports as its own may have any name."""
    stage(server=f"{line}\n", queue="class Queue: pass\n").require(["server.py"])
