"""Four networks that people really play on. The lab sets them, and says where to look.

Sources. Hotel: in busy Wi-Fi a tenth of the packets wait for more than 100 ms (C. Pei, "WiFi can be the
weakest link of round trip network latency in the wild", 2016). Mobile: 3G answers in 100 to 500 ms
(I. Grigorik, "High Performance Browser Networking", 7). Satellite: light needs 480 ms for 4 × 35,786 km.
"""

from typing import Final

import msgspec

from netlib.transport.conditioner import PRESETS, LinkConditions


class Story(msgspec.Struct, frozen=True):
    """One network: two sentences about it, and where to look in the lab."""

    name: str
    link: LinkConditions
    sentences: str
    look: str


STORIES: Final = (
    Story(
        "LAN",
        PRESETS["lan"],
        "A cable takes a millisecond. A game that was only ever tried here seems to need no netcode.",
        "Look at the three views: they agree. Switch prediction off, and you hardly feel it.",
    ),
    Story(
        "Hotel Wi-Fi",
        PRESETS["hotel"],
        "All guests share a radio channel: messages wait, and some are lost. It is more uneven than slow.",
        "Look at the raw view: the others stop and leap. Below, red lines wait behind a lost message.",
    ),
    Story(
        "Mobile",
        PRESETS["3g"],
        "A phone must ask the mast before it may send. An answer takes a fifth of a second: you feel it.",
        "Look at your own player: without prediction it obeys a fifth of a second late, with it at once.",
    ),
    Story(
        "Satellite",
        PRESETS["satellite"],
        "Up 36,000 km and down again, twice for each answer. Light alone takes half a second for that.",
        "Look at the time line: it is full of inputs under way. Race a bot for a gem: it may be long gone.",
    ),
)
