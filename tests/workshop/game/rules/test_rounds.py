"""Rounds: one phase after another, and who won."""

from workshop.game.rules.entities import Player, Round
from workshop.game.rules.rounds import Lengths, next_round, winners

LENGTHS = Lengths(countdown=3, playing=10, over=4)
ADA, BOB, CY, DI = (Player(name, 0, 0, 0, score=5) for name in ("Ada", "Bob", "Cy", "Di"))


def test_phases_follow_each_other() -> None:
    """Waiting, countdown, playing, over, countdown: each for its time."""
    round, seen = Round(1), []
    for tick in range(1, 22):
        round = next_round(round, tick, {1: ADA}, LENGTHS)
        seen.append(round.phase)
    assert seen == ["countdown"] * 3 + ["playing"] * 10 + ["over"] * 4 + ["countdown"] * 3 + ["playing"]
    assert (round.number, round.winner) == (2, "")


def test_the_winner_is_shown_when_it_is_over() -> None:
    """The player with most points when the time is up is named."""
    round = next_round(Round(1, 1, "playing", ends_at=5), 5, {1: ADA, 2: Player("Bob", 1, 0, 0, 9)}, LENGTHS)
    assert (round.phase, round.winner) == ("over", "Bob")


def test_a_draw_names_those_who_share_it() -> None:
    """Two names are joined, more are counted; with no points nobody wins."""
    assert winners([BOB, ADA]) == "Ada and Bob"
    assert winners([ADA, BOB, CY, DI]) == "Ada, Bob and 2 more"
    assert winners([Player("Ada", 0, 0, 0)]) == winners([]) == ""


def test_an_empty_room_waits() -> None:
    """When everybody has left, the next one who comes begins a new round."""
    empty = next_round(Round(1, 4, "playing", ends_at=50), 7, {}, LENGTHS)
    assert empty == Round(1, 4, "waiting")
    assert next_round(empty, 8, {}, LENGTHS) is empty
    assert next_round(empty, 9, {1: ADA}, LENGTHS) == Round(1, 5, "countdown", ends_at=12)


def test_a_stall_skips_no_phase() -> None:
    """After a long pause of the server the phases still come one by one."""
    round = next_round(Round(1, 1, "countdown", ends_at=3), 900, {1: ADA}, LENGTHS)
    assert (round.phase, round.ends_at) == ("playing", 910)
