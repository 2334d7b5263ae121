"""`workshop check`: what it prints, what it remembers, and its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import course
from tests.support.course import ALPHA, OMEGA, READY, kept
from tests.support.processes import python, running
from workshop import cli
from workshop.errors import WorkshopError


@pytest.mark.usefixtures("course_root")
class TestResult:
    """What comes of a check."""

    def test_passed(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """A step that is passed is praised, with 0, and `next` is next."""
        course.pretend_check(monkeypatch, True)
        assert cli.run(["check", "1"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == "Checking step 01: Alpha ..."
        assert lines[-2:] == [
            "✓ ok  You have passed step 01: Alpha, in less than a minute, at the first check.",
            "Next  py -m workshop next",
        ]
        assert kept().read().passed(ALPHA)
        assert kept().read().current == ALPHA

    def test_not_yet(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """A step that is not passed is 1, and counted; then the number of checks is told."""
        course.pretend_check(monkeypatch, False, False, True)
        for code in (1, 1, 0):
            assert cli.run(["check", "1"]) == code
        assert kept().read().of(ALPHA).checks == 3
        assert "with 3 checks.\nNext  py -m workshop next" in capsys.readouterr().out

    def test_where_it_failed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The part that fails and the TODO that is located are remembered until the step is passed."""
        course.pretend_check(monkeypatch, False, False, True, todo="01.2")
        for times in (1, 2):
            cli.run(["check", "1", "--json"])
            entry = kept().read().of(ALPHA)
            assert (entry.stuck_at, entry.failed_part, entry.failed_times) == ("01.2", "it works", times)
        cli.run(["check", "1", "--json"])
        assert kept().read().of(ALPHA).stuck_at == ""

    def test_the_place_of_a_second_failure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A check looks for the place when a part fails again, or when asked to; --quick never does."""
        course.pretend_check(monkeypatch, False, place="01.2")
        for words, stuck_at in (
            ([], ""),
            ([], "01.2"),
            (["--quick"], ""),
            (["--where", "--quick"], ""),
            (["--where"], "01.2"),
        ):
            cli.run(["check", "1", "--json", *words])
            assert kept().read().of(ALPHA).stuck_at == stuck_at, words
        with kept().changing() as progress:
            progress.forget(ALPHA)
        cli.run(["check", "1", "--json", "--where"])
        assert kept().read().of(ALPHA).stuck_at == "01.2"

    def test_the_current_step(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a number the current step is checked."""
        checked = course.pretend_check(monkeypatch, True)
        assert cli.run(["check"]) == 0
        assert cli.run(["next"]) == 0
        assert cli.run(["check"]) == 0
        assert checked == [READY.id, ALPHA.id]

    def test_looking_back(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """After the check of a step that was passed long ago, what is next is what was next before."""
        course.pretend_check(monkeypatch, True, False, True)
        for words in (["check", "0"], ["check", "2"], ["check", "0"]):
            cli.run(words)
        assert capsys.readouterr().out.endswith("Next  py -m workshop check 2\n")
        assert kept().read().current == OMEGA

    def test_the_last_step(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """After the last one comes what was left out."""
        course.pretend_check(monkeypatch, True)
        cli.run(["check", "2"])
        assert capsys.readouterr().out.endswith("Next  py -m workshop start 0\n")

    @pytest.mark.parametrize("outcome", [True, False])
    def test_for_programs(
        self, outcome: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """--json prints the result alone, in ASCII, with the same exit codes and the same memory."""
        course.pretend_check(monkeypatch, outcome)
        assert cli.run(["check", "1", "--json"]) == (0 if outcome else 1)
        out = capsys.readouterr().out
        told = json.loads(out)
        assert told["step"] == "step01_alpha"
        assert outcome or told["parts"][0]["failure"]["saw"] == "[nothing] é"
        assert out.isascii()
        assert kept().read().passed(ALPHA) is outcome

    def test_our_fault(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """What keeps us from checking is 2 and a sentence, and no check is counted."""

        def broken(*_: object, **__: object) -> None:
            raise WorkshopError("Nothing can be checked here.")

        monkeypatch.setattr("workshop.checking.run.check_step", broken)
        assert cli.run(["check", "1"]) == 2
        assert "Nothing can be checked here." in capsys.readouterr().err
        assert kept().read().of(ALPHA).checks == 0

    def test_where_nothing_can_be_kept(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """In a read-only checkout the check works; since `next` would not know, the next step is named."""

        def refuse(path: Path, data: bytes) -> None:
            raise PermissionError(30, "Read-only file system")

        monkeypatch.setattr("workshop.files.write_whole", refuse)
        course.pretend_check(monkeypatch, True)
        assert cli.run(["check", "1"]) == 0
        captured = capsys.readouterr()
        assert captured.out.endswith("Next  py -m workshop start 2\n")
        assert captured.err.count("Progress is not kept") == 1


def test_the_first_line_comes_at_once(tmp_path: Path) -> None:
    """ "Checking" is printed before anything heavy is imported: netlib and pygame are not there yet."""
    source = (
        "import sys\n"
        "from workshop import cli, console\n"
        "say = console.say\n"
        "def told(text=''):\n"
        "    say(text)\n"
        "    there = {name.split('.')[0] for name in sys.modules}\n"
        "    heavy = sorted(there & {'netlib', 'pygame', 'websockets'})\n"
        "    say(f'heavy: {heavy}')\n"
        "    raise SystemExit(0)\n"
        "console.say = told\n"
        "cli.run(['check', '2'])\n"
    )
    with running(python("-c", source), tmp_path / "log") as program:
        assert program.wait() == 0
    assert "Checking step 02: Echo ...\nheavy: []\n" in program.text()
