"""What may be behind the failures of step 13: each test has its rows."""

from collections.abc import Iterator
from pathlib import Path

from workshop.checking import answers
from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import discards, has, lacks, loops, ordered, saw, text, unless

TESTS = "test_game.py"
BUGS = sorted(Path(__file__).with_name("planted").glob("*.toml"))
TODOS = {
    "test_a_walk_is_at_most_one_step": "13.1",
    "test_nobody_leaves_the_field": "13.2",
    "test_two_grab_one_gem": "13.3",
    "test_every_input_counts": "13.4",
    "test_a_cut_keeps_the_score": "13.5",
    "test_who_leaves_is_gone": "13.6",
}
STEPS, GEM, INPUTS = "test_a_walk_is_at_most_one_step", "test_two_grab_one_gem", "test_every_input_counts"
WAITING = (
    *("testing.until(...)", "testing.message(...)", "testing.snapshot(...)", "testing.ticks(...)"),
    *("until(...)", "message(...)", "snapshot(...)", "ticks(...)"),
)
CATCHING = ("except Exception: ...", "except BaseException: ...", "except AssertionError: ...", "except: ...")


def symptoms(test: str) -> str:
    """All bugs that a test should notice, as symptoms."""
    return " ".join(f"unnoticed_{path.stem}" for path in BUGS if answers.read(path).part == test)


def of_any(test: str) -> Iterator[Cause]:
    """What makes any test blind, or fail."""
    yield Cause(
        f"{symptoms(test)} fails_{TODOS[test]} unawaited_{TODOS[test]}",
        "this is called and never awaited, so that nothing of it happens",
        "put await before it",
        discards(*WAITING, "_.close()", inside=test),
    )
    yield Cause(
        symptoms(test),
        "a pair in brackets after assert is always true",
        "assert x == y, without brackets; a text after a comma is fine",
        has("assert (_, _)", "assert (_, _, _)", inside=test),
    )
    yield Cause(
        symptoms(test),
        "an except catches what a failing assert raises, so that the test passes",
        "take the try out: a test is there to fail",
        has(
            *(f"try: assert _\n{each}" for each in CATCHING[:3]),
            *(f"try: {call}\n{each}" for call in WAITING for each in CATCHING[:3]),
            inside=test,
        ),
        unless(has("raise", "pytest.fail(...)", inside=test)),
    )
    yield Cause(
        symptoms(test),
        "nothing is asserted in it, and nothing waited for",
        "assert what its first sentence says must hold",
        lacks("assert _", *WAITING, inside=test),
        unless(text(r"^def (?!test_|world_with)|^async def (?!test_|join)|^class |\bself\.|fail\(", TESTS)),
    )
    yield Cause(
        symptoms(test),
        "a thing is compared with itself",
        "compare it with what it must be",
        has("assert _A == _A", inside=test),
    )


CAUSES = [
    *(row for test in TODOS for row in of_any(test)),
    Cause(
        "no_tests",
        "no function of the file has a name that begins with test_",
        "def test_…: pytest finds tests by their names",
        unless(text(r"^\s*(async )?def test")),
    ),
    Cause(
        "no_tests",
        "nothing starts pytest when the file is run",
        "the last two lines of the file, as the step gave them",
        lacks("pytest.main(...)"),
    ),
    Cause(
        "fails_13.1",
        "it asks for the length of the way, and the game limits each axis by itself: a diagonal is longer",
        "abs(ada.x - 300) <= SPEED and abs(ada.y - 200) <= SPEED",
        saw(r"hypot|sqrt"),
        has("math.hypot(...)", "hypot(...)", "math.sqrt(...)", inside=STEPS),
    ),
    *(
        Cause(
            f"fails_{TODOS[test]}",
            "nothing runs it as a coroutine: the line above a test that has to wait is missing",
            "@testing.in_virtual_time, above async def",
            saw("not natively supported"),
        )
        for test in [*TODOS][3:]
    ),
    *(
        Cause(
            f"fails_{TODOS[test]}",
            "nothing in it waits for the news: what one client does reaches the others some ticks later",
            "await testing.until(lambda: …)",
            lacks(*WAITING, inside=test),
        )
        for test in [*TODOS][3:]
    ),
    Cause(
        "unnoticed_02_left unnoticed_04_up",
        "no number in it is negative, and a walk to the left or up needs one",
        "try walks in all four directions",
        lacks("-_", inside=STEPS),
        unless(has("SPEED - _", "0 - _", "_ * _", inside=STEPS)),
    ),
    Cause(
        symptoms(GEM),
        "it looks at the first player alone",
        "look at world.players[2] as well: the score of the other one tells of this",
        has("_.players[1].score", inside=GEM),
        lacks("_.players[2]", "_.players.values()", "_.players.items()", inside=GEM),
    ),
    Cause(
        symptoms(INPUTS),
        "only one input is sent, and one cannot get lost among others",
        "for _ in range(5): ada.send_input(…)",
        has("_.send_input(...)", inside=INPUTS),
        unless(loops("_.send_input(...)", inside=INPUTS)),
        unless(ordered("_.send_input(...)", "_.send_input(...)", inside=INPUTS)),
        unless(has("[_ for _ in _]", inside=INPUTS)),
    ),
    Cause(
        symptoms(INPUTS),
        "a player is always true: this waits until Ben sees Ada at all, wherever she is",
        'compare: lambda: ben.state["players"][ada.player_id].x == …',
        has(
            'testing.until(lambda: _.state["players"][_], ...)',
            'testing.until(lambda: _.state["players"].get(_), ...)',
            inside=INPUTS,
        ),
    ),
]
