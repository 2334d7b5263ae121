"""What a recorder writes: nothing over another file, nothing without a connection, and no secret."""

from pathlib import Path

import pytest

import netlib
from netlib import recording
from netlib.recording.recorder import without_secrets


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that is there stays as it is, and so does a folder that is not there."""
    (tmp_path / "a.rec").write_text("mine")
    with pytest.raises(recording.RecordingError, match="exists already; choose another name"):
        recording.Recorder(tmp_path / "a.rec")
    with pytest.raises(recording.RecordingError, match="cannot write the recording"):
        recording.Recorder(tmp_path / "no folder" / "a.rec")
    assert (tmp_path / "a.rec").read_text() == "mine"


def test_a_recording_of_nothing_leaves_no_file(tmp_path: Path) -> None:
    """A client that never gets a connection leaves no empty file behind."""
    with recording.Recorder(tmp_path / "a.rec") as recorder:
        assert recorder.path.exists()
    recorder.close()
    assert list(tmp_path.iterdir()) == []


def test_what_hides_a_secret_and_cannot_be_read_is_left_out() -> None:
    """A message that is broken, and may have a token in it, is recorded as an empty one."""
    assert without_secrets(netlib.JSON, b'{"type":"welcome","resume":"abc') == b""
    assert without_secrets(netlib.JSON, b'{"resume":true,"all":[{"nonce":"x"}]}') == (
        '{"resume":true,"all":[{"nonce":"…"}]}'.encode()
    )
    assert without_secrets(netlib.JSON, b"not even JSON") == b"not even JSON"


def test_the_public_names_have_words() -> None:
    """What a program may import from here says what it is."""
    assert all(getattr(recording, name).__doc__ for name in recording.__all__)
