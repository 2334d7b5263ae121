"""Small changes of a program: what is changed, and that each is another program."""

import ast
import re

import pytest

from workshop import steps
from workshop.maintenance.upkeep.mutations import mutations
from workshop.maintenance.upkeep.stages import programs
from workshop.steps import Step


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("async def f(): await g()", ["await taken out: g()", "statement dropped: pass"]),
        ("x = self.y", ["self taken out: y", "statement dropped: pass"]),
        ("self.y = x", ["statement dropped: pass"]),
        ("def f(): return 2", ["None returned: return None", "constant moved: 3"]),
        ("def f(): return 0.0", ["None returned: return None", "constant moved: 1.0"]),
        ("def f(): return None", []),
        ("f(a, b=c)", ["argument taken out: f(a)", "argument taken out: f(b=c)", "statement dropped: pass"]),
        ("def f(): yield a(b, c)", ["a(b)", "a(c)", "arguments swapped: a(c, b)", "statement dropped: pass"]),
        ("while a - b: break", ["operands swapped: b - a", "statement dropped: pass"]),
        ("if a: raise", ["statement dropped: pass", "test turned: not a"]),
        ("if a and b < c: raise", ["(a or b < c)", "b <= c", "statement dropped: pass"]),
        ("if not a: raise", ["condition turned: a", "statement dropped: pass"]),
        ("if a in b: raise", ["condition turned: a not in b", "statement dropped: pass"]),
        ('"""Words."""', []),
        ("def f():\n    é = 'é'; return é[True]", ["None returned", "moved: False", "dropped: pass"]),
        ("import os", []),
    ],
)
def test_changes(source: str, changes: list[str]) -> None:
    """Each operator makes its change, and no other."""
    found = [f"{each.kind}: {each.after}" for each in mutations(source, {1, 2})]
    assert len(found) == len(changes)
    for change in changes:
        assert any(change in each for each in found), (change, found)


@pytest.mark.parametrize("step", steps.all_steps(), ids=lambda step: step.id)
def test_changes_of_every_step(step: Step) -> None:
    """Every change can be compiled, and is made where it says, in a node that stands there by itself."""
    for source in programs(step.solution).values():
        for each in mutations(source, set(range(1, 300, 9))):
            compile(each.source, "mutant", "exec", dont_inherit=True)
            assert ast.dump(ast.parse(each.source)) != ast.dump(ast.parse(source))
            ast.parse(each.before if each.after in ("pass", "return None") else f"({each.before})")
            places = [place.start() for place in re.finditer(re.escape(each.before), source)]
            changed = [source[:at] + each.after + source[at + len(each.before) :] for at in places]
            assert each.source in changed


def test_lines() -> None:
    """Only what begins in these lines is changed."""
    assert [each.line for each in mutations("x = 1\ny = 2\nz = (\n    3)\n", {2, 3})] == [2, 2, 3]
