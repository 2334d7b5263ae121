"""What a new game is called, by its folder's name."""

from pathlib import Path

import pytest

from workshop.new_project.naming import BadName, names_of


@pytest.mark.parametrize(
    ("typed", "package", "title"),
    [
        ("duel", "duel", "Duel"),
        ("my_game", "my_game", "My Game"),
        ("my-game", "my_game", "My Game"),
        ("games/Space Race 2", "space_race_2", "Space Race 2"),
        ("_draft.v2", "draft_v2", "Draft V2"),
    ],
)
def test_a_folder_names_the_game(typed: str, package: str, title: str) -> None:
    """The package is a name that Python knows; players read words."""
    assert names_of(Path(typed))[:] == (package, title)


def test_a_class_is_named_too() -> None:
    """It can be no other class of the game."""
    assert names_of(Path("my-game")).room == "MyGameRoom"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("class", "a word of Python"),
        ("match", "a word of Python"),
        ("random", "Python has a module random"),
        ("pygame", "something else is called pygame"),
        ("netlib", "something else is called netlib"),
        ("pluggy", "something else is called pluggy"),
        ("typing-extensions", "something else is called typing_extensions"),
        ("NUL", "something else is called nul"),
        ("2048", "cannot begin with a digit"),
        ("jeu_d'été", "letters from a to z"),
        ("...", "letters from a to z"),
        ("/", "letters from a to z"),
        ("a" * 31, "more than 30 characters"),
    ],
)
def test_what_is_no_name_is_told_with_one_that_would_do(typed: str, why: str, tmp_path: Path) -> None:
    """The sentence says why, and its advice is a name that can be taken."""
    with pytest.raises(BadName, match=why) as told:
        names_of(Path("/" if typed == "/" else tmp_path / typed))
    advice = str(told.value).rpartition("such as ")[2].removesuffix(".")
    assert names_of(tmp_path / advice).package == advice
