"""What an input method composes, and whose the keys are meanwhile."""

import pygame


class InputMethod:
    """The system's aid for scripts with more letters than keys; ``composing`` is what it has not finished."""

    def __init__(self) -> None:
        self.composing = ""

    def owns(self, event: pygame.event.Event) -> bool:
        """Take an event of a line that is typed. Returns whether it is a key that belongs to the method."""
        if event.type == pygame.TEXTEDITING:
            self.composing = event.text
        elif event.type in (pygame.TEXTINPUT, pygame.WINDOWFOCUSLOST):
            self.composing = ""
        return event.type == pygame.KEYDOWN and bool(self.composing)
