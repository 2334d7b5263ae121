"""Every step's causes and parts: rows with evidence, of symptoms that exist, about pieces that exist."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from inspect import getclosurevars
from itertools import chain
from pathlib import Path

import pytest

from workshop import steps
from workshop.checking.blame.pieces import pieces
from workshop.checking.evidence.facts import Evidence, Fact
from workshop.checking.run import check_of
from workshop.checking.stage import Stage
from workshop.checking.verdict import Wrong
from workshop.course.todos import todos
from workshop.maintenance.upkeep.stages import programs
from workshop.paths import ROOT
from workshop.steps import Step

ENGINE = ROOT / "workshop" / "checking"
REQUIREMENTS = ROOT / "workshop" / "checks" / "requirements.toml"
pytestmark = pytest.mark.parametrize("step", steps.all_steps(), ids=lambda step: step.id)


@cache
def words(path: Path) -> frozenset[str]:
    """The texts of one word in a module as regular expressions, with anything for what is put into them."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    found = [as_pattern(node) for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr)]
    return frozenset(each for each in found if re.search("[a-z]{2}", each) and " " not in each)


def as_pattern(node: ast.expr) -> str:
    """What a text may be."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(as_pattern, node.values))
    if isinstance(node, ast.Constant):
        return re.escape(node.value) if isinstance(node.value, str) else ""
    match node:
        case ast.FormattedValue(ast.IfExp(body=ast.Constant() as one, orelse=ast.Constant() as other)):
            return f"(?:{as_pattern(one)}|{as_pattern(other)})"
    return r"[\w.]+"


def raises(step: Step) -> Callable[[str], bool]:
    """Whether the step's check may raise a symptom: its own modules, the peers, the engine."""
    own = [path for path in (ENGINE.parent / "checks" / step.id).glob("*.py") if path.name != "causes.py"]
    every = frozenset().union(*map(words, [*own, *ENGINE.glob("*.py"), *ENGINE.glob("peers/*.py")]))
    return lambda symptom: re.fullmatch("|".join(every), symptom) is not None


def inner(fact: Fact) -> Iterator[tuple[Fact, dict[str, object]]]:
    """A fact and those that it consists of, each with what it was made with."""
    made_with = dict(getclosurevars(fact.look).nonlocals)
    yield fact, made_with
    for value in made_with.values():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Fact):
                yield from inner(each)


def codes(made_with: dict[str, object]) -> Iterator[tuple[str, str]]:
    """The patterns that a fact was made with."""
    for name in ("codes", "first", "then"):
        value = made_with.get(name, ())
        yield from ((name, str(code)) for code in (value if isinstance(value, tuple) else (value,)))


def scopes(tree: ast.AST, within: str = "") -> Iterator[str]:
    """The functions and classes of a program, each with those around it."""
    for node in ast.iter_child_nodes(tree):
        name = within
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield (name := f"{within}.{node.name}".strip("."))
        yield from scopes(node, name)


def test_rows(step: Step) -> None:
    """Each row has evidence, symptoms that are raised, and a piece that exists; none says the same twice."""
    is_raised, rows = raises(step), list(check_of(step).causes)
    there = {name for text in programs(step.solution).values() for name in pieces(text)}
    assert [row.because for row in rows if not row.needs and not row.about] == []
    assert [
        row.because for row in rows if not row.symptom or not all(map(is_raised, row.symptom.split()))
    ] == []
    assert [row.about for row in rows if row.about and row.about not in there] == []
    said = Counter((row.because, symptom) for row in rows for symptom in row.symptom.split())
    assert [each for each, times in said.items() if times > 1] == []


def test_facts(step: Step) -> None:
    """Every pattern is one piece of Python, names are the solution's, and every fact can be looked at."""
    there = {name for text in programs(step.solution).values() for name in scopes(ast.parse(text))}
    evidence = Evidence(Stage(step.solution), Wrong("a", "b"))
    for row in check_of(step).causes:
        for fact, made_with in chain.from_iterable(map(inner, row.needs)):
            fact(evidence)
            assert made_with.get("inside", "") in {"", *there}, row.because
            assert made_with.get("file", "") in {"", *programs(step.solution)}, row.because
            for name, code in codes(made_with):
                assert len(ast.parse(code).body) == 1, (name, code)


def test_parts(step: Step) -> None:
    """Every part names the TODOs that it rests on, or says in its docstring that it rests on no TODO."""
    parts, there = check_of(step).parts, todos(step)
    assert [part.title for part in parts if not set(part.todos) <= set(there)] == []
    rest_on_none = [part for part in parts if there and not part.todos]
    assert [part.title for part in rest_on_none if "no TODO" not in (part.body.__doc__ or "")] == []


def test_requirements(step: Step) -> None:
    """Every TODO demands something, a part sees each demand, and each part sees one."""
    rows = tomllib.loads(REQUIREMENTS.read_text(encoding="utf-8")).get(step.id, {})
    seen_by = {title for titles in rows.values() for title in titles}
    if rows or todos(step):
        assert {part.title for part in check_of(step).parts} == seen_by
        assert set(todos(step)) <= {demand.partition(":")[0] for demand in rows}
