"""The result of a chaos run, for people and for programs."""

from collections.abc import Iterator

import msgspec

from workshop.maintenance.bench.chaos.run import Plan, Result

MOST_PROBLEMS = 20  # to print; one fault can cause thousands


def as_json(plan: Plan, result: Result) -> str:
    """The plan and the result as JSON."""
    return msgspec.json.format(msgspec.json.encode({"plan": plan, "result": result}), indent=2).decode()


def as_table(plan: Plan, result: Result) -> str:
    """One figure on each line, and then the problems in words."""
    rows = list(_rows(plan, result))
    width = max(len(what) for what, _ in rows)
    lines = [f"{what:{width}}  {figure}" for what, figure in rows]
    return "\n".join([*lines, "", *_verdict(result)])


def _rows(plan: Plan, result: Result) -> Iterator[tuple[str, str]]:
    yield "bots", str(plan.bots)
    yield "connections cut", str(sum(result.cuts.values()))
    for kind, count in sorted(result.cuts.items()):
        yield f"  {kind}", str(count)
    yield "silences", str(result.silences)
    yield "drops, as the server saw them", str(result.dropped)
    yield "players back in their place", str(result.resumed)
    yield "  with points, all of them kept", str(result.scores)
    yield "messages of the bots", f"{result.sent}, of which {result.arrived} arrived"
    yield "messages of the server that arrived", str(result.received)
    yield "all back after the server's kill", f"{result.back:.1f} s"
    yield "in all", f"{result.seconds:.0f} s"


def _verdict(result: Result) -> list[str]:
    problems = result.problems
    if not problems:
        return ["Nothing was lost or doubled within a life of the server, and nobody had a twin."]
    more = len(problems) - MOST_PROBLEMS
    shown = [f"  {problem}" for problem in problems[:MOST_PROBLEMS]]
    return ["This must not be:", *shown, *([f"  and {more} more"] if more > 0 else [])]
