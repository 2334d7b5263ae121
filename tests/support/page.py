"""netlib/PROTOCOL.md taken apart: its examples, its sections, its tables."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tests.support.wire import Frame

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "netlib" / "PROTOCOL.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Example:
    """A frame on the page, and whether the client (→) or the server (←) sends it."""

    arrow: str
    text: str

    @property
    def frame(self) -> Frame:
        """The frame itself."""
        frame: Frame = json.loads(self.text)
        return frame

    @property
    def label(self) -> str:
        """A name by which what happens to it is looked up."""
        return label(self.frame)


def label(frame: Frame) -> str:
    """Return the name of an example: its type, and what tells it from others of that type."""
    if isinstance(frame, list):
        return "rooms"
    kind = frame.get("type") or frame.get("netlib") or ("health" if "status" in frame else "info")
    match kind:
        case "snapshot":
            return "full" if "full" in frame else "delta" if "set" in frame else "empty delta"
        case "refused" | "error":
            return f"{kind} {frame['code']}"
        case "hello" if "join" in frame:
            return f"hello for {' '.join(frame['join'])}"
        case "hello":
            return "hello again" if "resume" in frame else "hello" if len(frame) == 3 else "hello with all"
        case "welcome" if "room_id" in frame:
            return "welcome to a room"
        case "welcome":
            return "welcome back" if frame["resumed"] else "welcome"
        case "ack":
            return ("ack" if frame["tick"] else "ack 0") if "tick" in frame else "ack received"
        case "request" | "reply":
            return f"{kind} {frame.get('code') or frame.get('body', {}).get('type', 'nothing')}"
        case "command":
            return f"command {frame['do']}"
        case "room":
            return "room paused" if "paused" in frame else "room"
        case "part":
            return "last part" if "last" in frame else "part"
        case "ping":
            return "ping with rtt" if "rtt" in frame else "ping"
    return str(kind)


def examples(arrow: str) -> list[Example]:
    """Return the page's examples of one direction."""
    blocks = re.findall(r"^([→←]) (?:.+\n)+\n```json\n((?:.+\n)+?)```$", PAGE, re.MULTILINE)
    return [Example(sent, line) for sent, block in blocks for line in block.splitlines() if sent == arrow]


def section(heading: str) -> str:
    """Return the page's text under a heading, up to the next heading."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, heading
    return re.sub(r"```.*?```", "", found[1], flags=re.DOTALL)


def tables(heading: str) -> list[list[list[str]]]:
    """Return the tables under a heading: rows of cells, without the header."""
    found = re.findall(r"(?:^\|.*\n)+", section(heading), re.MULTILINE)
    return [
        [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]]
        for table in found
    ]


def probe_on_page() -> bytes:
    """Return the page's probe, byte for byte."""
    (probe,) = [example for example in examples("→") if example.label == "probe"]
    return probe.text.encode()
