"""What may be said in a room, and how often."""

from workshop.game.rules.chat_rules import ChatRules


def test_a_line_of_nothing_is_refused() -> None:
    """An empty line is not passed on."""
    found = ChatRules().problem(1, "", 0.0)
    assert found is not None
    assert found[0] == "empty_chat"


def test_a_flood_of_lines_is_refused_and_ends() -> None:
    """After five lines at once one has to wait; others may speak; later one may again."""
    chat_rules = ChatRules()
    said = [chat_rules.problem(1, "hi", 0.0) is None for _ in range(8)]
    assert said == [True] * 5 + [False] * 3
    assert chat_rules.problem(2, "hi", 0.0) is None
    assert chat_rules.problem(1, "hi", 2.0) is None


def test_players_who_left_are_forgotten() -> None:
    """A player's past does not stay in memory."""
    chat_rules = ChatRules()
    chat_rules.problem(1, "hi", 0.0)
    chat_rules.forget(1)
    assert not chat_rules._limits
