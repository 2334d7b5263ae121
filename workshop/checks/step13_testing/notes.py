"""A plugin of pytest that notes what became of each test, and which of its asserts were reached."""

import re
import warnings
from collections.abc import Generator
from pathlib import Path

import msgspec
import pytest

FILE = "notes.json"
SETTINGS = f"[pytest]\naddopts = -p {__name__}\nenable_assertion_pass_hook = true\nfaulthandler_timeout = 3\n"


class Failure(msgspec.Struct, frozen=True):
    """A test that failed: its name, the line of the tests where it did, and the words of it."""

    test: str
    line: int
    words: str


class Notes(msgspec.Struct):
    """One run of their tests.

    Args:
        tests: what became of each: "passed", "skipped" or "failed".
        held: the lines whose asserts were reached, and held.
        returned: the tests that returned something.
        unawaited: what was never awaited, by test.
    """

    tests: dict[str, str] = {}
    failures: list[Failure] = []
    held: set[int] = set()
    returned: set[str] = set()
    unawaited: dict[str, str] = {}


NOTES = Notes()


def pytest_assertion_pass(lineno: int) -> None:
    """An assert has held."""
    NOTES.held.add(lineno)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test, or what it needs before and after, has ended."""
    report = yield
    name = getattr(item, "originalname", item.name)
    if (report.when == "call" or not report.passed) and NOTES.tests.get(name) != "failed":
        NOTES.tests[name] = report.outcome
    if report.failed and call.excinfo:
        lines = [entry.lineno + 1 for entry in call.excinfo.traceback if Path(entry.path) == item.path]
        NOTES.failures.append(Failure(name, [0, *lines][-1], words_of(call.excinfo.value)))
    return report


def words_of(error: BaseException) -> str:
    """What an exception says, in one line; of a failed assert what was compared."""
    words = " ".join(" ".join(str(error).splitlines()[:2]).split())
    return words if words.startswith("assert ") else f"{type(error).__name__}: {words}"


def pytest_warning_recorded(warning_message: warnings.WarningMessage, nodeid: str) -> None:
    """Python or pytest has warned; of a test that returns something older versions do no more than that."""
    test, text = nodeid.rpartition("::")[2].partition("[")[0], str(warning_message.message)
    if issubclass(warning_message.category, pytest.PytestReturnNotNoneWarning):
        NOTES.returned.add(test)
    if never := re.search(r"coroutine '(\S+)' was never awaited", text):
        NOTES.unawaited[test] = never[1]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """All tests have ended."""
    (session.config.rootpath / FILE).write_bytes(msgspec.json.encode(NOTES))
