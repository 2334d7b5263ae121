"""What a class of somebody's messages raises is told with the line where the class begins."""

import traceback

import pytest

from workshop.checking.peers.their_messages import at_its_line


def test_the_line_of_a_class() -> None:
    """The traceback has the first line of the class, although that was read long ago."""
    with pytest.raises(ZeroDivisionError) as caught:
        at_its_line(Given, lambda: 1 // 0)
    lines = [frame.line for frame in traceback.extract_tb(caught.tb) if frame.filename == __file__]
    assert "class Given:" in lines


class Given:
    """Somebody's class."""
