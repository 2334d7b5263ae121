"""What our eyes inside a program tell the check, and what they are told: one JSON object a line.

They talk over a TCP connection on the loopback interface, which every system has.
"""

from typing import Literal, TypeAlias

import msgspec

from workshop.checking.verdict import Trouble

PORT, STAGE, WINDOW = "WORKSHOP_CHECK_PORT", "WORKSHOP_CHECK_STAGE", "WORKSHOP_CHECK_WINDOW"  # environment


class Told(msgspec.Struct, frozen=True, tag=True):
    """Anything that the eyes tell."""


class Bound(Told, frozen=True):
    """The program opened a socket at an address."""

    kind: Literal["tcp", "udp"]
    host: str
    port: int


class Sent(Told, frozen=True):
    """The program sent a datagram to an address, or tried to: also with a socket that is closed."""

    host: str
    port: int


class Troubled(Told, frozen=True):
    """Something went wrong."""

    trouble: Trouble


class Frame(Told, frozen=True):
    """The program showed a frame.

    Args:
        time: seconds on `time.perf_counter`, of the program's process.
        shapes: what pygame.draw drew since the last frame, as [kind, x, y, width, height] of what it covered.
        scene: what `workshop.game.drawing.view.View.draw` was told to draw, by id: [x, y] in world units.
        me: the own player's place in that scene.
        score: of every player in that scene.
        resources: ids of what lies there.
        texts: what was written with `pygame.font` since the last frame.
    """

    time: float
    shapes: list[tuple[str, float, float, float, float]] = []
    scene: dict[int, tuple[int, int]] | None = None
    me: tuple[int, int] | None = None
    score: dict[int, int] = {}
    resources: list[int] = []
    texts: list[str] = []


class Order(msgspec.Struct, frozen=True, tag=True):
    """Anything that the check orders."""


class Hold(Order, frozen=True):
    """These keys are held down from now on, and no other: names as `pygame.key.key_code` knows them."""

    keys: list[str]


class CloseWindow(Order, frozen=True):
    """Do what the window's close button does."""


class Linger(Order, frozen=True):
    """Each of the next frames takes longer to show: a slow screen, or a player who drags the window.

    Args:
        seconds: that each takes more; nothing else has its turn meanwhile.
        frames: how many of them.
    """

    seconds: float
    frames: int


class Interrupt(Order, frozen=True):
    """Do what Ctrl-C does."""


Message: TypeAlias = Bound | Sent | Troubled | Frame
AnyOrder: TypeAlias = Hold | CloseWindow | Linger | Interrupt
encode = msgspec.json.encode
decode_told = msgspec.json.Decoder(Message).decode
decode_order = msgspec.json.Decoder(AnyOrder).decode
