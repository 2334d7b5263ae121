"""One piece of another program in the place of its own: what is exchanged, what comes along, what stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop import steps
from workshop.checking.pieces import MODULE, pieces
from workshop.checking.splice import accompanied, exchanged
from workshop.checking.todo_blocks import as_solution
from workshop.steps import Step
from workshop.upkeep.stages import programs


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


@settings(deadline=None)
@given(sources, sources)
def test_any_two_programs(base: str, donor: str) -> None:
    """Whatever stands around it, an exchanged piece means what it did; no other is changed or lost."""
    for name in pieces(base).keys() & pieces(donor).keys():
        alone = meanings(accompanied(base, donor, name))
        assert alone == alone | meanings(base)
        assert meanings(exchanged(base, donor, name)) == alone | {name: meanings(donor)[name]}


BASE = "import a\nX = 1\ndef run():\n    go()\n"


@pytest.mark.parametrize(
    ("donor", "piece", "there", "gone"),
    [
        (
            "from b import c\nimport d\ndef run():\n    c()\n",
            "run",
            ["import a\nfrom b import c\nX = 1"],
            ["import d"],
        ),
        ("def run():\n    help(Y)\nY = 2\nZ = 3\n", "run", ["Y = 2"], ["Z"]),
        (
            "def help(): return K()\nclass K:\n  def m(self): pass\ndef run(): help()",
            "run",
            ["def m(self)"],
            [],
        ),
        ("X = 2\ndef other(): X\n", "X", ["import a\nX = 2\ndef run"], ["other"]),
        ('"""W."""\nfrom __future__ import annotations\nX: Y = 2\n', "X", ["annotations\nimport a"], []),
        ("from e import *\ndef run(): pass", "run", ["from e import *"], ["go"]),
        ("from e import (f as g,\n h)\ndef run(): g", "run", ["from e import f as g\n"], ["h"]),
    ],
)
def test_what_comes_along(donor: str, piece: str, there: list[str], gone: list[str]) -> None:
    """What a piece mentions, and what that mentions, comes along where the program lacks it; nothing else."""
    text = exchanged(BASE, donor, piece)
    assert all(words in text for words in there)
    assert not any(word in text for word in gone)
    assert accompanied(BASE, "def run():\n    pass\n", "run") == BASE


INDENTED = "class A:\n{0}x = 1\n{0}def f(self):\n{0}{0}return 1\n{0}def g(self):\n{0}{0}return 2\n"


@pytest.mark.parametrize("piece", ["A", "A.f", "A.g"])
@pytest.mark.parametrize("indent", ["\t", "  ", "        "])
def test_other_indentation(indent: str, piece: str) -> None:
    """Pieces go into a class that is indented in another way."""
    base, donor = INDENTED.format(indent), INDENTED.format("    ").replace("1", "3").replace("2", "4")
    assert meanings(exchanged(base, donor, piece))[piece] == meanings(donor)[piece]
    assert meanings(exchanged(donor, base, piece))[piece] == meanings(base)[piece]


def test_what_a_module_has_by_itself() -> None:
    """It is exchanged as a whole, wherever its statements stand."""
    base = "print(1)\ndef f(): pass\nif __name__ == '__main__':\n    f(1)\n"
    text = exchanged(base, "def f(): pass\nif __name__ == '__main__':\n    f(2)", MODULE)
    assert text == "def f(): pass\nif __name__ == '__main__':\n    f(2)\n"


def test_a_class_in_one_line() -> None:
    """What does not fit together is no program."""
    with pytest.raises(SyntaxError):
        exchanged("class A:\n    def f(self): pass\n", "class A: pass\n", "A")
    with pytest.raises(KeyError):
        exchanged(BASE, BASE, "no such piece")
