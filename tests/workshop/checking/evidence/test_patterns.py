"""Patterns of code: what fits, whatever the names and the layout, and what only looks like it."""

import ast

import pytest

from workshop.checking.evidence.patterns import found


def lines(code: str, source: str) -> list[int]:
    """The lines at which a pattern fits."""
    return [getattr(node, "lineno", 0) for node in found(code, ast.parse(source))]


@pytest.mark.parametrize(
    ("code", "fitting", "other"),
    [
        ("_.send(_)", "a.b.send(f(x))", "a.send()"),
        ("_.send(...)", "a.send(1, *b, c=2)", "send(1)"),
        ("f(..., _X, g(_X))", "f(1, 2, g(2))", "f(1, 2, g(1))"),
        ("f(..., a=_X, b=_X)", "f(b=1, a=1)", "f(b=1, a=2)"),
        ("f(a=_)", "f(a=1)", "f(a=1, b=2)"),
        ("_X + _X", "a.b + a.b", "a.b + a.c"),
        ("x = _", "x = 3", "x: int = 3"),
        ("max(1, _)", "max(1.0, y)", "max(True, y)"),
        (
            "for _X in _: await _X.send(...)",
            "for a in b:\n  if c:\n    await a.send(1)",
            "for a in b: a.send()",
        ),
        (
            "for _ in _: _X.a(_Y); _Y.b()",
            "for z in q:\n  p.a(1)\n  o.a(n)\n  n.b()",
            "for z in q:\n  p.a(n)\nn.b()",
        ),
        ("for _ in _: ...", "for a in b: pass", "async def f():\n  async for a in b: pass"),
        ("try: ...\nfinally: _.stop()", "try: x()\nexcept: y()\nfinally: a.stop()", "try: x()\nfinally: y()"),
        ("if _: _.publish(...)", "if a: b.publish(c)\nelse: d()", "while a: b.publish(c)"),
        ("return", "def f(): return", "def f(): pass"),
        ("return None", "def f(): return None", "def f(): return 1"),
        ("def _(self): ...", "class A:\n  def f(self) -> int:\n    return 1", "def f(x): return 1"),
        ("def _F(): return _F", "def f(): return f", "def f(): return g"),
        ("raise", "try: x()\nexcept: raise", "def f(): return"),
        ("del self.gems[_]", "del self.gems[1]", "del gems[1]"),
    ],
)
def test_a_pattern(code: str, fitting: str, other: str) -> None:
    """A pattern fits what it stands for, and not what differs from that."""
    assert lines(code, fitting)
    assert not lines(code, other)


def test_from_the_top_down() -> None:
    """Everything that fits is found, in the order of the file."""
    assert lines("f(_)", "g(f(1))\nclass A:\n  x = f(2)\ny = [f(i) for i in z]") == [1, 3, 4]


def test_a_very_long_sum() -> None:
    """A pattern whose names stand for nothing twice goes through an expression of any depth."""
    assert lines("f(_)", "f(" + "+".join(["x"] * 900) + ")") == [1]
