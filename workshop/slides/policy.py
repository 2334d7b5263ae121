"""What the page may do: run its own scripts, show what is in it, and ask nobody for anything. Pure.

A script is known by its digest (Content Security Policy, level 2), so no other that came in would run.
"""

import base64
import hashlib
import re
from collections.abc import Iterable

WINDOW_SCRIPT = re.compile(r"<script>(.*?)<\\/script>", re.DOTALL)
RULES = (
    "default-src 'none'",
    "style-src 'unsafe-inline'",  # reveal.js writes styles
    "img-src data:",
    "frame-src 'self' file:",  # the speaker view's; on a page from a disk, 'self' is nobody
    "base-uri 'none'",
    "form-action 'none'",
)


def policy(scripts: Iterable[str]) -> str:
    """The content security policy of a page that has these scripts in it, and no others."""
    allowed = " ".join(f"'{digest(script)}'" for script in scripts)
    return "; ".join((*RULES, f"script-src {allowed}"))


def digest(script: str) -> str:
    """The digest by which a policy knows a script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def window_scripts(notes: str) -> list[str]:
    """The scripts that the notes plugin writes into the speaker's window, which has the page's policy."""
    return [script.replace("\\\\", "\\") for script in WINDOW_SCRIPT.findall(notes)]
