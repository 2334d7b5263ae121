"""What the instructor reads is true: its minutes, its commands, and what checks say."""

import re
import tomllib

from workshop import steps
from workshop.checking import answers
from workshop.commands.table import COMMANDS
from workshop.paths import ROOT

TEXT = (ROOT / "workshop" / "guides" / "INSTRUCTOR.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """What is below a heading."""
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_its_minutes_are_those_of_the_steps() -> None:
    """Title, minutes and courses of each step are those of steps.toml, and so are the sums."""
    rows = re.findall(r"^\| (\d\d) (.+?) \| (\d+) \(\d+\) \|(.+)\|$", section("Timing"), re.MULTILINE)
    found = [(number, title, int(minutes), "yes" in half) for number, title, minutes, half in rows]
    wanted = [(s.number, s.title, s.minutes, "half-day" in s.tracks) for s in steps.all_steps()]
    assert [row[:3] for row in found] == [row[:3] for row in wanted]
    sums = [sum(s.minutes for s in steps.all_steps() if track in s.tracks) for track in steps.tracks()]
    assert f"| {' | '.join(map(str, sums))} |" in TEXT


def test_its_talking_minutes_are_those_of_the_decks() -> None:
    """The minutes in brackets are those of the decks."""
    for number, minutes in re.findall(r"^\| (\d\d) .+? \| \d+ \((\d+)\)", section("Timing"), re.MULTILINE):
        deck = ROOT / "slides" / f"{steps.find(number).id}.md"
        assert f"\nminutes: {minutes}\n" in deck.read_text(encoding="utf-8"), number


def test_its_commands_exist() -> None:
    """Every command that it names is one of ours."""
    assert set(re.findall(r"`workshop (\w+)", TEXT)) <= COMMANDS.keys()


def test_checks_say_what_it_quotes() -> None:
    """The words of a check stand in a wrong answer of that step, or in its check."""
    rows = section("Step by step: what goes wrong")
    for number, cell in re.findall(r'^\| (\d\d) \| (".+?") \| "', rows, re.MULTILINE):
        step = steps.find(number)
        told = [
            said
            for path in answers.paths("wrong", step)
            for said in tomllib.loads(path.read_text(encoding="utf-8"))["says"]
        ]
        checks = (ROOT / "workshop" / "checks").glob(f"step{number}_*/*.py")
        told += [path.read_text(encoding="utf-8") for path in checks]
        for words in re.findall(r'"((?:\\"|[^"])+)"', cell):
            assert any(words.replace('\\"', '"') in said for said in told), (number, words)
