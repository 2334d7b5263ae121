"""The targets for which we fetch packages: kinds of laptops, and versions of Python."""

from collections.abc import Iterable, Sequence

import msgspec

from workshop.bootstrap.old_python import OLDEST
from workshop.errors import WorkshopError


class Platform(msgspec.Struct, frozen=True):
    """A kind of laptop."""

    name: str  # for the command line, and for its file
    title: str  # its name for people
    tags: Sequence[str]  # platforms for which its wheels may be built, as pip calls them; `any` is understood
    markers: dict[str, str]  # its values for the markers of PEP 508


class Target(msgspec.Struct, frozen=True):
    """One version of Python on one kind of laptop."""

    platform: Platform
    python: str

    @property
    def name(self) -> str:
        """Its name in the bundle's record."""
        return f"{self.platform.name} {self.python}"

    @property
    def title(self) -> str:
        """Its name for people."""
        return f"Python {self.python} on {self.platform.title}"

    @property
    def environment(self) -> dict[str, str]:
        """Its values for the markers of PEP 508, by which a requirement says where it applies.

        pip takes those of the Python that runs it, whatever platform we ask it for.
        """
        return {
            **self.platform.markers,
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
        }


def _markers(sys_platform: str, system: str, machine: str) -> dict[str, str]:
    names = {"sys_platform": sys_platform, "platform_system": system, "platform_machine": machine}
    return {**names, "os_name": "nt" if sys_platform == "win32" else "posix"}


def _manylinux(machine: str, oldest: int) -> list[str]:
    """The tags of wheels that run with Debian 10's glibc 2.28; pip does not add the older ones itself."""
    names = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(28, oldest - 1, -1)]
    return tags + [f"{name}_{machine}" for minor, name in names.items() if minor >= oldest]


PLATFORMS = {
    name: Platform(name, title, tags, _markers(*system))
    for name, title, tags, system in (
        ("windows", "Windows", ["win_amd64"], ("win32", "Windows", "AMD64")),
        ("macos-apple", "macOS, Apple chip", ["macosx_12_0_arm64"], ("darwin", "Darwin", "arm64")),
        ("macos-intel", "macOS, Intel chip", ["macosx_12_0_x86_64"], ("darwin", "Darwin", "x86_64")),
        ("linux-x86_64", "Linux", _manylinux("x86_64", 5), ("linux", "Linux", "x86_64")),
        ("linux-arm64", "Linux on ARM", _manylinux("aarch64", 17), ("linux", "Linux", "aarch64")),
    )
}


def python_number(version: str) -> tuple[int, ...]:
    """A version of Python as numbers, to compare: 3.9 is older than 3.11.

    Raises:
        WorkshopError: this is not a version that works here.
    """
    words = version.split(".")
    if len(words) != 2 or not all(word.isdecimal() for word in words) or tuple(map(int, words)) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise WorkshopError(f"{version!r} is not a Python that works here; use {oldest} or newer.")
    return tuple(map(int, words))


def span(pythons: Iterable[str]) -> str:
    """Versions of Python in words: `3.11 to 3.14`."""
    ordered = sorted(set(pythons), key=python_number)
    return ordered[0] if len(ordered) == 1 else f"{ordered[0]} to {ordered[-1]}"
