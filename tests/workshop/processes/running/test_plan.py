"""What is started for a step."""

import pytest

from workshop.processes.running.plan import NoProgram, plan, programs

GAME = ["server", "client", "client"]


@pytest.mark.parametrize(
    ("which", "clients", "expected"),
    [
        ("both", None, GAME),
        ("server", None, ["server"]),
        ("client", None, ["client"]),
        ("both", 1, ["server", "client"]),
        ("both", 4, ["server", "client", "client", "client", "client"]),
        ("client", 3, ["client", "client", "client"]),
        ("server", 3, ["server"]),
    ],
)
def test_programs(which: str, clients: int | None, expected: list[str]) -> None:
    """All of the step's programs, or one kind; and as many clients as are wanted."""
    assert programs(GAME, which, clients) == expected


def test_no_such_program() -> None:
    """A program that the step does not have is named, with those that it has, each once."""
    with pytest.raises(NoProgram, match="no program 'mining'; it has server, client\\."):
        programs(GAME, "mining")
    with pytest.raises(NoProgram, match="no client"):
        programs(["mining"], clients=2)


def test_labels_and_flags() -> None:
    """Clients are numbered; the port goes to all, and further flags to those of the last kind."""
    launches = plan(GAME, ["--latency", "200"], port=8766)
    assert [one.label for one in launches] == ["server", "client 1", "client 2"]
    port = ("--port", "8766")
    assert [one.arguments for one in launches] == [port, *[(*port, "--latency", "200")] * 2]


def test_the_usual_port_needs_no_flag() -> None:
    """A program that is started on its own port gets no flag, and neither does one that has no port."""
    assert [one.arguments for one in plan(GAME)] == [(), (), ()]
    assert plan(["mining"], ["-v"], port=9)[0].arguments == ("-v",)


@pytest.mark.parametrize(
    ("names", "typed_for"),
    [
        (GAME, ["client 1"]),
        (["server"], ["server"]),
        (["server", "client"], ["client"]),
        (["mining"], ["mining"]),
    ],
)
def test_who_has_the_keyboard(names: list[str], typed_for: list[str]) -> None:
    """The first that is no server; a server alone."""
    assert [one.label for one in plan(names) if one.keyboard] == typed_for


def test_tests_are_for_pytest() -> None:
    """A program of tests is known by its name."""
    assert plan(["test_game"])[0].is_tests
    assert not plan(["server"])[0].is_tests
