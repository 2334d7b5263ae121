"""`workshop check`: what it prints, what it remembers, and its exit code."""

import json
from pathlib import Path

import pytest

from tests.support import course
from tests.support.commands import Shell
from tests.support.course import ALPHA, OMEGA, READY, kept
from tests.support.processes import python, running
from workshop import cli


@pytest.mark.usefixtures("course_root")
class TestResult:
    """What comes of a check."""

    def test_passed(self, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """A step that is passed is praised, with 0, and `next` is next."""
        course.pretend_check(monkeypatch, True)
        lines = shell("check", "1").out.splitlines()
        assert lines[0] == "Checking step 01: Alpha ..."
        assert lines[-2:] == [
            "✓ ok  You have passed step 01: Alpha, in less than a minute, at the first check.",
            "Next  py -m workshop next",
        ]
        assert kept().read().passed(ALPHA) and kept().read().current == ALPHA

    def test_not_yet(self, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """A step that is not passed is 1, and counted; then the number of checks is told."""
        course.pretend_check(monkeypatch, False, False, True)
        for code in (1, 1, 0):
            out = shell("check", "1", code=code).out
        assert kept().read().of(ALPHA).checks == 3
        assert "with 3 checks.\nNext  py -m workshop next" in out

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
        found = {"": "01.2", "--quick": "", "--where --quick": "", "--where": "01.2"}
        for words, stuck_at in (("", ""), *found.items()):
            cli.run(["check", "1", "--json", *words.split()])
            assert kept().read().of(ALPHA).stuck_at == stuck_at, words
        with kept().changing() as progress:
            progress.forget(ALPHA)
        cli.run(["check", "1", "--json", "--where"])
        assert kept().read().of(ALPHA).stuck_at == "01.2"

    def test_the_current_step(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a number the current step is checked."""
        checked = course.pretend_check(monkeypatch, True)
        assert [cli.run([command]) for command in ("check", "next", "check")] == [0, 0, 0]
        assert checked == [READY.id, ALPHA.id]

    def test_looking_back(self, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """After the check of a step that was passed long ago, what is next is what was next before."""
        course.pretend_check(monkeypatch, True, False, True)
        shell("check", "0"), shell("check", "2", code=1)
        assert shell("check", "0").out.endswith("Next  py -m workshop check 2\n")
        assert kept().read().current == OMEGA

    def test_the_last_step(self, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """After the last one comes what was left out."""
        course.pretend_check(monkeypatch, True)
        assert shell("check", "2").out.endswith("Next  py -m workshop start 0\n")

    @pytest.mark.parametrize("outcome", [True, False])
    def test_for_programs(self, outcome: bool, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """--json prints the result alone, in ASCII, with the same exit codes and the same memory."""
        course.pretend_check(monkeypatch, outcome)
        out = shell("check", "1", "--json", code=0 if outcome else 1).out
        told = json.loads(out)
        assert told["step"] == "step01_alpha"
        assert outcome or told["parts"][0]["failure"]["saw"] == "[nothing] é"
        assert out.isascii()
        assert kept().read().passed(ALPHA) is outcome

    def test_our_fault(self, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """What keeps us from checking is 2 and a sentence, and no check is counted."""
        course.break_check(monkeypatch, "Nothing can be checked here.")
        assert "Nothing can be checked here." in shell("check", "1", code=2).err
        assert kept().read().of(ALPHA).checks == 0

    def test_where_nothing_can_be_kept(self, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
        """In a read-only checkout the check works; since `next` would not know, the next step is named."""
        course.forbid_writing(monkeypatch)
        course.pretend_check(monkeypatch, True)
        captured = shell("check", "1")
        assert captured.out.endswith("Next  py -m workshop start 2\n")
        assert captured.err.count("Progress is not kept") == 1


def test_the_first_line_comes_at_once(tmp_path: Path) -> None:
    """ "Checking" is printed before anything heavy is imported: netlib and pygame are not there yet."""
    source = (
        "import sys\n"
        "from workshop import cli; from workshop.terminal import console\n"
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
