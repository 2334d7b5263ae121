"""The player's choice of keys, what is wrong with one, and its file."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Final

import msgspec
import pygame

from workshop import files
from workshop.terminal import console

# The scancode of each action: a place on the keyboard, whatever the layout has there.
Bindings = dict[str, int]

NO_KEY, SCANCODES = 0, 512
ANEW = "The keys are as at first; F2 in the game chooses others."
WAYS: Final = {"up": pygame.KSCAN_W, "left": pygame.KSCAN_A, "down": pygame.KSCAN_S, "right": pygame.KSCAN_D}
DEFAULT: Final[Bindings] = {**WAYS, "collect": pygame.KSCAN_SPACE}
ARROWS: Final = (pygame.KSCAN_UP, pygame.KSCAN_LEFT, pygame.KSCAN_DOWN, pygame.KSCAN_RIGHT)
ALWAYS: Final = {
    **dict.fromkeys((pygame.KSCAN_RETURN, pygame.KSCAN_KP_ENTER), "chat"),
    pygame.KSCAN_ESCAPE: "the menu",
    pygame.KSCAN_TAB: "the list of players",
    **dict.fromkeys(ARROWS, "running"),
    **dict.fromkeys(range(pygame.KSCAN_F1, pygame.KSCAN_F12 + 1), "help and the network"),
}
_NAMES: Final = {getattr(pygame, name): name[6:] for name in dir(pygame) if name.startswith("KSCAN_")}


def us_name(place: int) -> str:
    """What is written there on a US keyboard."""
    return _NAMES.get(place, f"Key {place}").capitalize()


def problem(bindings: Bindings, name: Callable[[int], str] = us_name) -> str:
    """Why nobody could play with them, in words; "" if all is well. ``name``: what is written on a key."""
    chosen = {action: bindings.get(action, NO_KEY) for action in DEFAULT}
    for action, place in chosen.items():
        if not NO_KEY < place < SCANCODES:
            return f"There is no key for “{action}”: choose one."
        if job := "collecting" if place == pygame.KSCAN_SPACE and action in WAYS else ALWAYS.get(place):
            return f"“{action}” cannot be {name(place)}, which is always for {job}: choose another key."
    for one, other in combinations(chosen, 2):
        if chosen[one] == chosen[other]:
            return f"“{one}” and “{other}” have the same key, {name(chosen[one])}: choose another for one."
    return ""


def read(path: Path, warn: Callable[[str], object] = console.warn) -> Bindings:
    """The player's keys, or the first ones; a file that nobody could play with is renamed, and told."""
    try:
        bindings = msgspec.json.decode(path.read_bytes(), type=Bindings)
        if wrong := problem(bindings):
            raise ValueError(wrong)
    except FileNotFoundError:
        pass
    except OSError as error:
        warn(f"{path} cannot be read: {error.strerror or error}. {ANEW}")
    except ValueError as error:  # ours, msgspec's, and that of bytes that are no UTF-8
        warn(f"{path} cannot be used ({error}) {_set_aside(path)}. {ANEW}")
    else:
        return {action: bindings[action] for action in DEFAULT}
    return DEFAULT


def _set_aside(path: Path) -> str:
    try:
        return f"and is now {files.set_aside(path)}"
    except OSError as error:
        return f"nor renamed: {error.strerror or error}"


def write(path: Path, bindings: Bindings) -> str:
    """Keep the keys for next time. Returns in words why that failed; "" if it did not."""
    try:
        files.write_whole(path, msgspec.json.format(msgspec.json.encode(bindings), indent=2) + b"\n")
    except OSError as error:
        return f"The keys cannot be written, and hold for this game: {error.strerror or error}. {path}"
    return ""
