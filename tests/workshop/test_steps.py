"""The steps: in order, and found by whatever somebody types."""

import re

import pytest

from workshop import steps


def test_they_are_numbered_in_their_order() -> None:
    """The first is 00, and each number follows the one before; after the last comes nothing."""
    found = steps.all_steps()
    assert [int(step.number) for step in found] == list(range(len(found)))
    assert all(step.id.startswith(f"step{step.number}_") for step in found)
    assert [steps.following(step) for step in found] == [*found[1:], None]


@pytest.mark.parametrize("typed", ["4", "04", "step04_render_loop", "render_loop", " Step04 ", "step04"])
def test_found(typed: str) -> None:
    """A step is found by number, name or id."""
    assert steps.find(typed).id == "step04_render_loop"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ehco", r"Did you mean 2 \(step02_echo\)"),
        ("99", "from 0 to 14"),
        ("", "from 0"),
        ("step9x", "from 0"),
    ],
)
def test_mistyped(typed: str, said: str) -> None:
    """For a mistyped step the nearest is named, or which there are."""
    with pytest.raises(steps.UnknownStep, match=said):
        steps.find(typed)


def test_every_track_has_the_steps_before_its_own() -> None:
    """A course begins at the beginning and leaves nothing out."""
    for track in steps.tracks():
        numbers = [int(step.number) for step in steps.all_steps() if track in step.tracks]
        assert numbers and numbers == list(range(len(numbers)))


NEW_WORDS = 8  # of a first hint, that the TODO's comment does not have


def test_the_first_hint_says_more_than_the_todo() -> None:
    """A learner who has read the comment learns something from the first hint, and from each further one."""
    for step in steps.all_steps():
        told = {todo: comment(step, todo) for todo in step.hints}
        for todo, hints in step.hints.items():
            new = words(hints[0]) - words(told[todo])
            assert len(new) >= NEW_WORDS, f"{todo} says little that is new: {sorted(new)}"
            assert len({*hints}) == len(hints), todo


def comment(step: steps.Step, todo: str) -> str:
    """What the starter's comment of a TODO says."""
    text = "\n".join((step.starter / file).read_text(encoding="utf-8") for file in step.files)
    found = re.search(rf"# TODO {re.escape(todo)}: (.*(?:\n *# (?!TODO).*)*)", text)
    assert found, f"the starter has no TODO {todo}"
    return found[1]


def words(text: str) -> set[str]:
    """The words that mean something: those of four letters or more."""
    return set(re.findall(r"\w{4,}", text.lower()))
