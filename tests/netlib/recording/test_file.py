"""Recordings as files: one that cannot be read says so, and numbers in it are short."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib import recording
from netlib.recording.file import packed


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    """What cannot be read is one sentence, too."""
    for path in (tmp_path / "nothing.rec", tmp_path):
        with pytest.raises(recording.RecordingError, match="cannot read"):
            recording.Replay(path)


@given(st.integers(0, 2**63 - 1))
def test_numbers_are_short(number: int) -> None:
    """Seven bits of a number take a byte, the lowest first; only the last byte has no mark."""
    data = packed(number)
    assert sum((byte & 0x7F) << 7 * place for place, byte in enumerate(data)) == number
    assert len(data) == max(1, -(-number.bit_length() // 7))
    assert [byte >> 7 for byte in data] == [1] * (len(data) - 1) + [0]
