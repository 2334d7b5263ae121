"""What to say about Python and the packages. Pure."""

from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath

import msgspec
from packaging.version import Version

from workshop.bootstrap.old_python import OLDEST
from workshop.doctor.finding import Finding, error, ok, warning

UNSET = {"win32": "$env:PYTHONPATH = '' (in the command prompt: set PYTHONPATH=)"}


class PythonSeen(msgspec.Struct, frozen=True):
    """What was seen.

    Args:
        platform: as `sys.platform`.
        prefix: where this Python's packages are.
        venv: where the checkout's environment should be.
        stub: the name that opens the Microsoft Store instead of Python; empty if none does.
        installed: version by package.
        wanted: the oldest good version by package; "" for any.
        foreign: the folders of PYTHONPATH, each with those of its files that hide a module we need.
    """

    platform: str
    version: tuple[int, int, int]
    executable: str
    prefix: str
    is_venv: bool
    venv: str
    stub: str
    installed: dict[str, str]
    wanted: dict[str, str]
    foreign: dict[str, list[str]] = {}


def judge_python(seen: PythonSeen) -> Iterator[Finding]:
    """What to say about Python, the environment and the packages."""
    yield _version(seen)
    if seen.platform == "win32":
        yield _store(seen)
    yield _venv(seen)
    yield _python_path(seen)
    yield _pygame(seen)
    yield _packages(seen)


def _version(seen: PythonSeen) -> Finding:
    version = ".".join(map(str, seen.version))
    if seen.version[:2] >= OLDEST:
        return ok("Python", f"Python {version} ({seen.executable}).")
    oldest = ".".join(map(str, OLDEST))
    todo = f"Install Python {oldest} or newer from python.org."
    return error("Python", f"Python {version} is too old.", todo)


def _store(seen: PythonSeen) -> Finding:
    if not seen.stub:
        return ok("Microsoft Store", "No name of Python opens the Microsoft Store.")
    return warning(
        "Microsoft Store",
        f"Typing {seen.stub} opens the Microsoft Store instead of Python.",
        "Type py instead. Or switch it off: Settings, Apps, Advanced app settings, App execution aliases, "
        f"{seen.stub}.exe.",
    )


def _venv(seen: PythonSeen) -> Finding:
    if _is_ours(seen):
        return ok("environment", f"Runs in the project's own environment, {seen.venv}.")
    if seen.is_venv:
        return ok("environment", f"Runs in an environment of yours, {seen.prefix}.")
    return warning(
        "environment",
        "Runs in the Python of the whole system: other projects may change what is installed there.",
        f"Remove the project from it ({_python(seen)} -m pip uninstall pygame-multiplayer-workshop); started "
        "from the checkout it then makes an environment of its own.",
    )


def _is_ours(seen: PythonSeen) -> bool:
    flavour = PureWindowsPath if seen.platform == "win32" else PurePosixPath
    return flavour(seen.prefix) == flavour(seen.venv)


def _mend(seen: PythonSeen, *commands: str) -> str:
    """What to type. Our own environment is simply made again: it may have no pip."""
    if _is_ours(seen):
        return f"Delete the folder {seen.venv}; the next start makes it anew."
    return f"Type, in the checkout: {'   and then: '.join(f'{_python(seen)} -m {each}' for each in commands)}"


def _python_path(seen: PythonSeen) -> Finding:
    if not seen.foreign:
        return ok("PYTHONPATH", "It is not set: nothing hides what is installed.")
    named = ", ".join(name for names in seen.foreign.values() for name in names)
    hidden = f"files there hide modules that the workshop needs: {named}"
    what = hidden if named else "nothing there hides ours"
    text = f"It leads to {', '.join(seen.foreign)}; {what}. The workshop and its checks do without it."
    if not named:
        return ok("PYTHONPATH", text)
    unset = UNSET.get(seen.platform, "unset PYTHONPATH")
    todo = f"Programs that you start by yourself do not. Take it out of the way: {unset}"
    return warning("PYTHONPATH", text, todo)


def _pygame(seen: PythonSeen) -> Finding:
    both = {"pygame", "pygame-ce"} & seen.installed.keys()
    if both == {"pygame-ce"}:
        return ok("pygame", f"pygame-ce {seen.installed['pygame-ce']}.")
    install = "pip install --force-reinstall pygame-ce"
    if not both:
        return error("pygame", "pygame-ce is not installed.", _mend(seen, install))
    text = "pygame and pygame-ce are both installed, and overwrite each other's files."
    if both == {"pygame"}:
        text = "The old pygame is installed; the workshop needs pygame-ce, which takes its place."
    return error("pygame", text, _mend(seen, "pip uninstall -y pygame pygame-ce", install))


def _packages(seen: PythonSeen) -> Finding:
    missing = [name for name in seen.wanted if name not in seen.installed and name != "pygame-ce"]
    old = [
        f"{name} {seen.installed[name]} (needs {oldest})"
        for name, oldest in seen.wanted.items()
        if oldest and name in seen.installed and Version(seen.installed[name]) < Version(oldest)
    ]
    if not missing and not old:
        names = ", ".join(f"{name} {seen.installed[name]}" for name in seen.wanted if name in seen.installed)
        return ok("packages", f"{names}.")
    trouble = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"too old: {', '.join(old)}"] * bool(old)
    todo = _mend(seen, "pip install --editable .[test]")
    return error("packages", f"Packages are {'; '.join(trouble)}.", todo)


def _python(seen: PythonSeen) -> str:
    return f'"{seen.executable}"' if " " in seen.executable else seen.executable
