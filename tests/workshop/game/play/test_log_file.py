"""A log in a file: what becomes of it when the disk is full."""

import errno
import logging
from pathlib import Path

import pytest

from workshop.game.play.log_file import LogFile


class FullDisk:
    """A file that takes no more."""

    closed = 0

    def write(self, text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    flush = write

    def close(self) -> None:
        self.closed += 1
        raise OSError(errno.ENOSPC, "No space left on device")


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("netlib", logging.INFO, "", 0, text, None, None)


def test_a_full_disk_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, without a traceback, says that the log ends; at the end another one how much is missing."""
    log = LogFile(tmp_path / "a.log")
    assert log.stream is not None
    log.stream.close()
    log.stream = FullDisk()  # type: ignore[assignment]
    for number in range(1000):
        log.handle(record(f"line {number}"))
    assert log.lost == 1000
    log.close()
    log.close()
    first, last = capsys.readouterr().err.splitlines()
    assert "a.log ends here (No space left on device)" in first
    assert "1000 lines" in last


def test_a_log_goes_on_in_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is there stays, and nothing is said."""
    (tmp_path / "a.log").write_text("before\n", encoding="utf-8")
    log = LogFile(tmp_path / "a.log")
    log.handle(record("now"))
    log.close()
    assert (tmp_path / "a.log").read_text(encoding="utf-8") == "before\nnow\n"
    assert capsys.readouterr().err == ""


def test_a_fault_of_the_program_is_still_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record that cannot be formatted is no full disk: the traceback comes, and the log goes on."""
    log = LogFile(tmp_path / "a.log")
    log.handle(logging.LogRecord("netlib", logging.INFO, "", 0, "%d", ("x",), None))
    log.handle(record("now"))
    log.close()
    assert "Traceback" in capsys.readouterr().err
    assert (tmp_path / "a.log").read_text(encoding="utf-8") == "now\n"
