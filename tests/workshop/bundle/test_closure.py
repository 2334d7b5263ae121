"""Which packages another laptop needs."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import default_environment

from workshop.bundle.closure import Wheel, needed, unmet
from workshop.bundle.targets import PLATFORMS, Platform, Target, python_number, span
from workshop.errors import WorkshopError

WINDOWS = Target(PLATFORMS["windows"], "3.13").environment
LINUX = Target(PLATFORMS["linux-x86_64"], "3.11").environment
CLICK = Wheel("click", "8.1", ['colorama; sys_platform == "win32"', 'typing; python_version < "3.12"'])


def here(*wheels: Wheel) -> dict[str, Wheel]:
    """Wheels by their names."""
    return {wheel.name: wheel for wheel in wheels}


def test_what_only_the_other_system_needs() -> None:
    """A package that only Windows needs is fetched for Windows, wherever the bundle is made."""
    assert unmet(["click>=8"], here(CLICK), WINDOWS) == ["colorama"]
    assert unmet(["click>=8"], here(CLICK), LINUX) == ["typing"]


def test_what_is_wanted_only_there() -> None:
    """What is wanted at first may hold for some systems only."""
    assert unmet(['uvloop; sys_platform != "win32"'], {}, WINDOWS) == []
    assert unmet(['uvloop; sys_platform != "win32"'], {}, LINUX) == ["uvloop"]


def test_a_chain() -> None:
    """What a needed package needs is needed, also in a circle."""
    one, two = Wheel("one", "1", ["two"]), Wheel("two", "1", ["one", "three>=3"])
    assert unmet(["one"], here(one, two), LINUX) == ["three>=3"]


def test_extras() -> None:
    """What an extra needs counts where somebody asks for it."""
    wheel = Wheel("one", "1", ['two; extra == "fast"', 'three; extra == "test"'])
    assert unmet(["one"], here(wheel), LINUX) == []
    assert unmet(["one[fast]"], here(wheel), LINUX) == ["two"]


def test_two_packages_that_want_different_versions() -> None:
    """A version that one of them does not want is fetched anew, within the limits of all."""
    one, two = Wheel("one", "1", ["two<2"]), Wheel("two", "2.5")
    assert unmet(["one", "two>=1"], here(one, two), LINUX) == ["two<2,>=1"]
    assert unmet(["one", "two>=1"], here(one, Wheel("two", "1.9")), LINUX) == []


def test_names_in_any_spelling() -> None:
    """`PyGame_CE` is pygame-ce."""
    assert unmet(["PyGame_CE>=2"], here(Wheel("pygame-ce", "2.5")), LINUX) == []


NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
INDEX = st.dictionaries(NAMES, st.lists(NAMES, max_size=3), min_size=5, max_size=5)


@given(INDEX, st.lists(NAMES, min_size=1))
def test_fetching_what_is_unmet_comes_to_an_end(index: Mapping[str, list[str]], wanted: list[str]) -> None:
    """Fetching what is missing, again and again, soon gives all that is needed and no more."""
    wheels: dict[str, Wheel] = {}
    for _ in range(len(index) + 1):
        for name in unmet(wanted, wheels, LINUX):
            wheels[name] = Wheel(name, "1", index[name])
    assert unmet(wanted, wheels, LINUX) == []
    assert needed(wanted, wheels, LINUX).keys() == wheels.keys()


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))
def test_each_platform_is_whole(platform: Platform) -> None:
    """Each has every value by which a requirement may say where it holds: none is taken from this machine."""
    assert Target(platform, "3.13").environment.keys() == default_environment().keys()


@pytest.mark.parametrize("version", ["3.10", "2.7", "3", "3.x", "", "3.11.4"])
def test_no_python(version: str) -> None:
    """What is no Python that will do is said so."""
    with pytest.raises(WorkshopError, match=r"use 3\.11 or newer"):
        python_number(version)


def test_a_span_of_pythons() -> None:
    """Versions are numbers and no text: 3.9 would stand before 3.11."""
    assert span(["3.13", "3.11", "3.12"]) == "3.11 to 3.13"
    assert span(["3.13"]) == "3.13"
