"""Facts: what can be said of a learner's program, with the line at which it holds."""

from pathlib import Path

import pytest

from tests.workshop.checking.conftest import Write
from workshop.checking.evidence import facts
from workshop.checking.evidence.facts import Evidence, Fact, has, lacks
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place, Trouble, Wrong

WORLD = """\
class World:
    def run(self, moves):
        for move in self.take():
            self.step(move, [look(each) for each in far()])
        while more():
            task.cancel
        await self.end()

    async def end(self, a, *, b=None):
        def inner(): stop()
        go(); end()
"""
CALLS = "def run():\n    look()\n"


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (has("_.step(...)", "look(_)"), "world.py:4"),
        (has("look()", inside="World"), None),
        (has("look()", file="calls.py"), "calls.py:2"),
        (has("stop()", inside="World.end"), "world.py:10"),
        (has("look()", inside="run"), "calls.py:2"),
        (has("stop()", inside="World.en"), None),
        (lacks("look()", inside="World.end"), "world.py:9"),
        (lacks("stop()", inside="World.end"), None),
        (lacks("stop()", inside="World.renamed"), None),
        (lacks("print()"), True),
        (facts.loops("_.step(...)"), "world.py:4"),
        (facts.loops("look(_)"), "world.py:4"),
        (facts.loops("more()"), "world.py:5"),
        (facts.loops("_.take()"), None),
        (facts.loops("far()", inside="World.run"), "world.py:4"),
        (facts.loops("go()"), None),
        (facts.discards("_.cancel"), "world.py:6"),
        (facts.discards("_.end()"), None),
        (facts.unawaited("_.step(...)"), "world.py:4"),
        (facts.unawaited("_.end()"), None),
        (facts.ordered("_.take()", "_.end()", "World.run"), "world.py:3"),
        (facts.ordered("_.end()", "_.take()"), None),
        (facts.ordered("_.take()", "_.take()"), None),
        (facts.parameters("World.end", 3), "world.py:9"),
        (facts.parameters("end", 2), None),
        (facts.is_async("World.end"), "world.py:9"),
        (facts.is_async("run"), None),
        (facts.text(r"look\("), "calls.py:2"),
        (facts.text(r"look\(", file="world.py"), "world.py:4"),
        (facts.raised("KeyError", "'a'|b"), "world.py:4"),
        (facts.raised("KeyError", "c"), None),
        (facts.raised("TypeError"), True),
        (facts.blocked, None),
        (facts.saw("[0-9] m"), True),
        (facts.saw("[0-9] k"), None),
        (facts.printed("^hel"), True),
        (facts.printed("elp"), None),
        (facts.unless(has("nothing()")), True),
        (facts.unless(has("nothing()"), has("go()")), None),
        (facts.either(has("nothing()"), has("go()")), "world.py:11"),
        (facts.either(has("nothing()")), None),
    ],
)
def test_a_fact(stage: Write, fact: Fact, line: str | bool | None) -> None:
    """Each fact tells the line at which it holds, True where there is no line, or None."""
    troubles = (
        Trouble("logged", "KeyError", "'a'", Place("world.py", 4)),
        Trouble("crashed", "TypeError", "x"),
        Trouble("blocked", "0.4", ""),
    )
    tried = stage(world=WORLD, calls=CALLS, broken="def (")
    place = fact(Evidence(tried, Wrong("a", "it is 3 m away"), troubles, ("hello",)))
    assert (str(place) if isinstance(place, Place) else place) == line


def test_a_loop_that_stood_still(stage: Write) -> None:
    """An event loop that stood still for long is a fact, at its line."""
    place = Place("world.py", 2)
    evidence = Evidence(stage(), Wrong("a", "b"), (Trouble("blocked", "1.5", "", place),))
    assert facts.blocked(evidence) == place


@pytest.mark.parametrize(("moved", "holds"), [("", True), ("def mine(): look()\n", False)])
def test_what_has_moved_is_not_lacking(stage: Write, tmp_path: Path, moved: str, holds: bool) -> None:
    """A call stands elsewhere than in the model: nobody is told that nothing calls it."""
    other = "def other(): look()\n"
    model = tmp_path / "solutions" / "step99_tried"
    model.mkdir(parents=True)
    (model / "world.py").write_text(f"def run(): look()\n{other}", encoding="utf-8")
    tried = stage(world=f"def run(): pass\n{other}{moved}")
    evidence = Evidence(tried, Wrong("a", "b"), model=Stage(model))
    assert (lacks("look()", inside="run")(evidence) is not None) is holds
