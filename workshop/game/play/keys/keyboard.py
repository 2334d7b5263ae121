"""The player's keyboard: movement and digits by the place of a key, other letters by what is written on it.

A layout (French, Dvorak, Russian) has other letters where W, A, S, D are on a US keyboard. We learn which
as keys are pressed. On a layout without Latin letters, each letter is where a US keyboard has it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pygame

from workshop.game.play.keys.bindings import DEFAULT, WAYS, Bindings, read, us_name, write

LETTERS: Final = {pygame.KSCAN_A + at: pygame.K_a + at for at in range(26)}  # of a US keyboard, by scancode
# The row above the letters: a French keyboard, among others, has its digits only with Shift.
DIGITS: Final = dict(zip(range(pygame.KSCAN_1, pygame.KSCAN_0 + 1), b"1234567890", strict=True))
PLACES: Final = {key: place for place, key in LETTERS.items()}
# What the game asks for: `held(pygame.K_w)` is whether the key that runs up is down, whatever it is.
MEANINGS: Final = {action: LETTERS.get(place, pygame.K_SPACE) for action, place in DEFAULT.items()}
BY_PLACE: Final = frozenset(MEANINGS.values()) & frozenset(PLACES)
ARROWS: Final = dict(zip(WAYS, "↑←↓→", strict=True))
NO_CHARACTER = 1 << 30  # from here on a key code is that of a key without a character, such as F1

Held = Callable[[int], bool]  # a key code to whether it is down


class Keyboard:
    """What each key means, and what is written on it; ``path`` is the file of the player's choice."""

    def __init__(self, path: Path | None = None) -> None:
        self.bindings: Bindings = read(path) if path else DEFAULT
        self.path = path
        self._written: dict[int, int] = {}

    def keep(self, bindings: Bindings) -> str:
        """Use these from now on. Returns in words why they are not kept for next time; "" if they are."""
        self.bindings = bindings
        return write(self.path, bindings) if self.path else ""

    def take(self, event: pygame.event.Event) -> int:
        """Learn from an event. Returns what the pressed key means, as the code of a key of a US keyboard."""
        if event.type == pygame.KEYMAPCHANGED:
            self._written.clear()
        if event.type != pygame.KEYDOWN:
            return pygame.K_UNKNOWN
        place, key = event.dict.get("scancode", 0), int(event.key)
        if not place:  # nobody's finger: a script's key
            return key
        if self._written.get(place, key) != key:  # the layout is another one now
            self._written.clear()
        self._written[place] = key
        for action, meaning in MEANINGS.items():
            if self.bindings[action] == place:
                return meaning
        known = DIGITS | LETTERS if self._is_foreign(place) else DIGITS
        key = known.get(place, key)
        return pygame.K_UNKNOWN if key in BY_PLACE else key

    def held(self) -> Held:
        """Tells of what a key means whether such a key is down now."""
        pressed = pygame.key.get_pressed()
        if not isinstance(pressed, tuple):  # a script's keyboard, which has keys but no places
            return pressed.__getitem__
        places = {meaning: self.bindings[action] for action, meaning in MEANINGS.items()}

        def held(key: int) -> bool:
            place = places.get(key, PLACES.get(key, 0))
            by_place = key in places or self._is_foreign(place)
            # pygame looks a key up by its letter; the tuple below it is in the order of scancodes.
            return (by_place and tuple.__getitem__(pressed, place)) or (key not in BY_PLACE and pressed[key])

        return held

    def written(self, place: int) -> str:
        """What is written on the key there, as far as we have seen it; else as on a US keyboard."""
        key = self._written.get(place, 0)
        if key >= NO_CHARACTER:
            return pygame.key.name(key).title() or us_name(place)
        letter = chr(key)
        if not letter.isprintable() or letter.isspace():
            return us_name(place)
        return letter.upper() if letter.upper().lower() == letter else letter

    def labels(self) -> dict[str, str]:
        """What to show for each first key: an arrow while we only know that it has another letter here."""
        shown = {us_name(DEFAULT[action]): self.written(place) for action, place in self.bindings.items()}
        if any(LETTERS.get(at, key) != key for at, key in self._written.items()):
            for action, arrow in ARROWS.items():
                if self.bindings[action] in LETTERS.keys() - self._written.keys():
                    shown[us_name(DEFAULT[action])] = arrow
        return shown

    def _is_foreign(self, place: int) -> bool:
        return 127 < self._written.get(place, 0) < NO_CHARACTER
