"""Which packages are needed on a laptop that is not this one. Pure.

pip resolves with what holds for the Python that runs it (`sys_platform`, `python_version`), so a laptop with
Windows would lack what only Windows needs. So pip only fetches, and what is needed is found here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


class Wheel(msgspec.Struct, frozen=True):
    """A package as its wheel describes it.

    Args:
        requires: what it needs, as in PEP 508.
        file: the wheel's name.
    """

    name: str
    version: str
    requires: Sequence[str] = ()
    file: str = ""


def needed(
    wanted: Iterable[str], wheels: Mapping[str, Wheel], environment: Mapping[str, str]
) -> dict[str, list[Requirement]]:
    """All that is needed, as far as the wheels tell: requirements by package.

    Args:
        wanted: what is needed at first, as in PEP 508.
        wheels: those that are here, by their canonical names.
        environment: where it shall run (see `Target.environment`).
    """
    found: dict[str, list[Requirement]] = {}
    todo = [each for each in map(Requirement, wanted) if _holds(each, "", environment)]
    seen: set[str] = set()
    while todo:
        requirement = todo.pop(0)
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        name = canonicalize_name(requirement.name)
        found.setdefault(name, []).append(requirement)
        if name in wheels:
            todo += _needs(wheels[name], requirement.extras, environment)
    return found


def unmet(wanted: Iterable[str], wheels: Mapping[str, Wheel], environment: Mapping[str, str]) -> list[str]:
    """What is still to be fetched: packages that are not here, or in a version that one does not want."""
    return [
        _joined(name, requirements)
        for name, requirements in needed(wanted, wheels, environment).items()
        if name not in wheels or not all(_fits(wheels[name], each) for each in requirements)
    ]


def _needs(wheel: Wheel, extras: Iterable[str], environment: Mapping[str, str]) -> Iterator[Requirement]:
    for text in wheel.requires:
        requirement = Requirement(text)
        if any(_holds(requirement, extra, environment) for extra in ("", *extras)):
            yield requirement


def _holds(requirement: Requirement, extra: str, environment: Mapping[str, str]) -> bool:
    marker = requirement.marker
    return marker is None or marker.evaluate({**environment, "extra": extra})


def _fits(wheel: Wheel, requirement: Requirement) -> bool:
    return requirement.specifier.contains(wheel.version, prereleases=True)


def _joined(name: str, requirements: Iterable[Requirement]) -> str:
    """One requirement that is all of them, without extras: pip is to follow none."""
    limits = sorted({str(limit) for requirement in requirements for limit in requirement.specifier})
    return name + ",".join(limits)
