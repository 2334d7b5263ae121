"""Waiting for something to be so, and not for ever."""

from workshop.checking.waiting import until


async def test_what_is_found_is_given() -> None:
    """It asks until there is something, gives that and asks no more; what never comes is None in the end."""
    answers = iter([0, "", "here", "later"])
    assert await until(lambda: next(answers)) == "here"
    assert next(answers) == "later"
    assert await until(list[str], seconds=0.02) is None
