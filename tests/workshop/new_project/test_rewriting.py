"""Other names in copied sources, and what is cut out of them."""

import pytest

from workshop.new_project.rewriting import new_names, rewritten, without, without_paragraphs

MODULES = {
    "workshop": "duel",
    "workshop.game.rules": "duel.rules",
    "examples.arena": "duel",
    "examples": "duel",
}


def test_the_nearest_package_counts() -> None:
    """A module without a home is left out."""
    homes = {"workshop": "duel", "workshop.game": "duel", "examples.arena": "duel"}
    modules = [
        "workshop",
        "workshop.game",
        "workshop.game.rules.units",
        "workshop.terminal",
        "examples",
        "netlib",
    ]
    assert new_names(modules, homes) == {
        "workshop": "duel",
        "workshop.game": "duel",
        "workshop.game.rules.units": "duel.rules.units",
        "workshop.terminal": "duel.terminal",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from workshop import files", "from duel import files"),
        ("from workshop.game.rules import units", "from duel.rules import units"),
        ("see workshop/game/rules and `examples.arena`", "see duel/rules and `duel`"),
        ("python -m examples.arena.server", "python -m duel.server"),
        ("the workshop, and examples of it", "the workshop, and examples of it"),
        ("my.workshop.game.rules, examples.arenas", "my.workshop.game.rules, examples.arenas"),
        ("Welcome to Gem Rush", "Welcome to Duel"),
    ],
)
def test_names_are_replaced_where_they_are_names(old: str, new: str) -> None:
    """In imports, in texts, as folders; but not as plain words, nor as parts of others."""
    assert rewritten(old, MODULES, {"Gem Rush": "Duel"}) == new


def test_what_is_left_out_is_neither_imported_nor_called() -> None:
    """A call that stands alone goes with its import; everything else stays."""
    source = (
        "import a\nfrom b import (\n    c,\n)\nfrom d import e\ndef f():\n    c(\n        1\n    )\n    e()\n"
    )
    assert without(source, ["b"]) == "import a\nfrom d import e\ndef f():\n    e()\n"


def test_paragraphs_about_what_is_left_out_go() -> None:
    """The rest of the docstring stays as it is, and so does a docstring that names nothing of it."""
    source = '"""The rules.\n\nFirst `units`.\n\nFor lessons: `rex`.\n"""\nX = "`rex`"\n'
    assert without_paragraphs(source, ["rex"]) == '"""The rules.\n\nFirst `units`.\n"""\nX = "`rex`"\n'
    assert without_paragraphs(source, ["other"]) == source
    assert without_paragraphs("X = 1\n", ["rex"]) == "X = 1\n"
