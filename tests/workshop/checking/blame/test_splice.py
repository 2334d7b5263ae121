"""One piece of another program instead of its own: what is exchanged, what comes along, what stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop import steps
from workshop.checking.blame.pieces import pieces
from workshop.checking.blame.splice import accompanied, exchanged
from workshop.checking.todo_blocks import as_solution
from workshop.maintenance.upkeep.stages import programs
from workshop.steps import Step


def meanings(source: str) -> dict[str, str]:
    """The pieces of a program, and what they mean."""
    return {name: piece.meaning for name, piece in pieces(source).items()}


@pytest.mark.parametrize("step", steps.all_steps(), ids=lambda step: step.id)
def test_every_piece_of_every_step(step: Step) -> None:
    """A starter in which all pieces that differ are exchanged means what the solution does."""
    for file, model in programs(step.solution).items():
        text = as_solution(programs(step.starter)[file])
        for name in pieces(model):
            assert accompanied(text, text, name) == text
            assert meanings(exchanged(text, text, name)) == meanings(text)
            if meanings(text)[name] != meanings(model)[name]:
                text = exchanged(text, model, name)
        assert meanings(text) == meanings(model)


STATEMENTS = [
    "import os",
    "from math import hypot as far, pi",
    "A = 1",
    "B: int = 2",
    "C, D = 3, 4",
    "def f(x): return far(x, A)",
    "@staticmethod\nasync def g():\n    '''Words.'''\n    return f(1)",
    "class P:\n\ta = 1\n\tdef m(self):\n\t\treturn 1\n\tb = 2",
    "class P(object):\n  def m(self): return g\n  def n(self):\n    return 2",
    "class Q: pass",
    "if __name__ == '__main__':\n    f(2)",
]
sources = st.lists(st.sampled_from(STATEMENTS), unique_by=lambda each: re.split("[:(]", each)[0]).map(
    "\n".join
)


@given(sources, sources)
def test_any_two_programs(base: str, donor: str) -> None:
    """Whatever stands around it, an exchanged piece means what it did; no other is changed or lost."""
    for name in pieces(base).keys() & pieces(donor).keys():
        alone = meanings(accompanied(base, donor, name))
        assert alone == alone | meanings(base)
        assert meanings(exchanged(base, donor, name)) == alone | {name: meanings(donor)[name]}


BASE = "import a\nX = 1\ndef run():\n    go()\n"


@pytest.mark.parametrize(
    ("donor", "there", "gone"),
    [
        (
            "import d\nfrom b import c as e, f\ndef run(): e()",
            "import a\nfrom b import c as e\nX = 1",
            "import d",
        ),
        ("from e import *\ndef run(): g()", "from e import *\nX = 1", "go()"),
        (
            "def help(): return K()\nclass K:\n  def m(self): X\ndef run(): help()\nZ = 2",
            "def m(self)",
            "Z = 2",
        ),
        ("from __future__ import annotations\ndef run(): X", "annotations\nimport a", "go()"),
    ],
)
def test_what_comes_along(donor: str, there: str, gone: str) -> None:
    """What a piece mentions, and what that mentions, comes along where the program lacks it; nothing else."""
    text = exchanged(BASE, donor, "run")
    assert there in text
    assert gone not in text
    assert accompanied(BASE, "def run():\n    pass\n", "run") == BASE


INDENTED = "class A:\n{0}x = 1\n{0}def f(self):\n{0}{0}return 1\n{0}def g(self):\n{0}{0}return 2\n"


@pytest.mark.parametrize("piece", ["A", "A.f", "A.g"])
@pytest.mark.parametrize("indent", ["\t", "  ", "        "])
def test_other_indentation(indent: str, piece: str) -> None:
    """Pieces go into a class that is indented in another way."""
    base, donor = INDENTED.format(indent), INDENTED.format("    ").replace("1", "3").replace("2", "4")
    assert meanings(exchanged(base, donor, piece))[piece] == meanings(donor)[piece]


def test_what_does_not_fit_together() -> None:
    """What would be no program is none."""
    with pytest.raises(SyntaxError):
        exchanged("class A:\n    def f(self): pass\n", "class A: pass\n", "A")
