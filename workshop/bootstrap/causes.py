"""Why pip or uv has failed, from its output."""

import re
from typing import Literal

NO_CONNECTION = (
    r"Failed to establish a new connection|NewConnectionError|name resolution|getaddrinfo failed|"
    r"Connection(Reset|Refused|Aborted)?Error|timed out|Max retries exceeded|Network is unreachable|"
    r"error sending request|dns error"  # as uv says it
)
NO_PACKAGE = r"No matching distribution found|Could not find a version|Cannot install"


def cause_of(log: str) -> Literal["disk", "certificate", "packages", ""]:
    """Return what it tells: a full disk, a changed certificate, packages cannot be had; or no cause."""
    if "No space left" in log:
        return "disk"
    if re.search("CERTIFICATE_VERIFY_FAILED|invalid peer certificate", log):
        return "certificate"
    return "packages" if re.search(NO_CONNECTION, log) or re.search(NO_PACKAGE, log) else ""
