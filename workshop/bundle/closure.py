"""Which packages another laptop needs. Pure.

pip resolves with the markers of the Python that runs it (`sys_platform`, `python_version`), so a laptop with
Windows would lack what only Windows needs. That is why pip only fetches, and we resolve here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name


class Wheel(msgspec.Struct, frozen=True):
    """A package as its wheel describes it."""

    name: str
    version: str
    requires: Sequence[str] = ()  # the packages it needs, as in PEP 508
    file: str = ""  # the wheel's file name


def needed(
    wanted: Iterable[str], wheels: Mapping[str, Wheel], environment: Mapping[str, str]
) -> dict[str, list[Requirement]]:
    """All packages that are needed, as far as the wheels tell, each with its requirements.

    Args:
        wanted: the first requirements, as in PEP 508.
        wheels: those that we have, by their canonical names.
        environment: the markers of the laptop (see `Target.environment`).
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
    """What is still to be fetched: packages that we do not have, or only in a wrong version.

    Each is one requirement with all limits, and without extras: pip must follow none.
    """
    missing = []
    for name, requirements in needed(wanted, wheels, environment).items():
        limits = SpecifierSet(",".join(str(each.specifier) for each in requirements if each.specifier))
        if name not in wheels or not limits.contains(wheels[name].version, prereleases=True):
            missing.append(name + ",".join(sorted(map(str, limits))))
    return missing


def _needs(wheel: Wheel, extras: Iterable[str], environment: Mapping[str, str]) -> Iterator[Requirement]:
    for text in wheel.requires:
        requirement = Requirement(text)
        if any(_holds(requirement, extra, environment) for extra in ("", *extras)):
            yield requirement


def _holds(requirement: Requirement, extra: str, environment: Mapping[str, str]) -> bool:
    marker = requirement.marker
    return marker is None or marker.evaluate({**environment, "extra": extra})
