"""What the page may do: run its own scripts, show its own content, and load nothing else. Pure.

The browser knows a script by its digest (Content Security Policy, level 2), so an injected one does not run.
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
    "frame-src 'self' file:",  # for the speaker's view; for a page from a disk, 'self' matches nothing
    "base-uri 'none'",
    "form-action 'none'",
)


def policy(scripts: Iterable[str]) -> str:
    """The content security policy of a page with exactly these scripts."""
    allowed = " ".join(f"'{digest(script)}'" for script in scripts)
    return "; ".join((*RULES, f"script-src {allowed}"))


def digest(script: str) -> str:
    """The digest by which a policy knows a script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def window_scripts(notes: str) -> list[str]:
    """The scripts that the notes plugin writes into the speaker's window, which gets the page's policy."""
    return [script.replace("\\\\", "\\") for script in WINDOW_SCRIPT.findall(notes)]
