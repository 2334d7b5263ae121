"""What the eyes inside a program tell the check: one JSON object a line."""

import pytest

from workshop.checking import wire
from workshop.checking.verdict import Place, Trouble

CRASH = Trouble("crashed", "KeyError", "'a\nb'", Place("server.py", 7))
FRAME = wire.Frame(1.5, [("rect", 1, 2, 3, 4)], {1: (5, 6)}, (5, 6), {1: 9}, [3], ["Ada\n"])


@pytest.mark.parametrize("told", [wire.Bound("udp", "", 7), wire.Sent("::1", 7), wire.Troubled(CRASH), FRAME])
def test_each_is_a_line_of_its_own(told: wire.Message) -> None:
    """Whatever is in it, what the eyes tell is one line, and the check reads what was told."""
    line = wire.encode(told)
    assert b"\n" not in line and wire.decode_told(line) == told
