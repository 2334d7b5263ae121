"""What the board's scripts need to know of the game and the wire, so that no script repeats it."""

from netlib.client import conversation, reconnect
from netlib.session import sessions
from netlib.session.names import MAX_NAME
from netlib.state import sync
from netlib.transport import requests
from workshop.game.drawing import palette, silhouettes
from workshop.game.rules import units
from workshop.game.rules.chat_rules import MAX_CHAT
from workshop.game.rules.maps import Map
from workshop.instructor.board.messages import MAX_BOTS, MAX_COUNTDOWN

# Characters of a name and of a word to all; a number of bots; seconds.
LIMITS = {"name": MAX_NAME, "chat": MAX_CHAT, "bots": MAX_BOTS, "countdown": MAX_COUNTDOWN}


def map_as_json(map: Map) -> dict[str, object]:
    """What a page needs to draw a map and to predict on it: in world units, and with colours as CSS."""
    return {
        "width": map.width,
        "height": map.height,
        "obstacles": map.obstacles,
        "units": measures(),
        "outlines": silhouettes.OUTLINES,
        "dot": silhouettes.DOT,
        "dots": [silhouettes.dots(colour) for colour in range(len(palette.PLAYERS))],
        "colours": {
            "players": [_css(colour) for colour in palette.PLAYERS],
            "resources": {kind: _css(colour) for kind, colour in palette.RESOURCES.items()},
            "obstacles": {kind: _css(colour) for kind, colour in palette.OBSTACLES.items()},
            "grass": _css(palette.GRASS),
            "ink": _css(palette.INK),
            "paper": _css(palette.PAPER),
        },
    }


def measures() -> dict[str, int]:
    """The measures of the game's rules, in world units."""
    return {
        "unit": units.UNIT,
        "step": units.STEP_UNITS,
        "body": units.BODY,
        "reach": units.REACH,
        "top_speed": units.TOP_SPEED,
    }


def wire_as_json() -> dict[str, object]:
    """How a client of the room behaves; times in seconds."""
    return {
        "ping_interval": conversation.PING_INTERVAL,
        "ack_interval": sync.ACK_INTERVAL,
        "idle_time": conversation.IDLE_TIME,
        "request_timeout": requests.REQUEST_TIMEOUT,
        "first_pause": reconnect.FIRST_PAUSE,
        "longest_pause": reconnect.LONGEST_PAUSE,
        "final_codes": [*sessions.FINAL, sessions.REPLACED],
    }


def _css(colour: palette.Colour) -> str:
    red, green, blue = colour
    return f"rgb({red} {green} {blue})"
