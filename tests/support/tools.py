"""What a test needs from the machine: without it the test is skipped, but in CI it fails."""

import os
import shutil
import sys
from typing import NoReturn

import pytest


def cannot_run(why: str) -> NoReturn:
    """Skip the running test and say why; in CI fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must run this test: {why}", pytrace=False)
    pytest.skip(why)


def need_tools(*names: str) -> None:
    """Skip (in CI: fail) the running test when one of these programs is missing."""
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        cannot_run(f"missing on this machine: {', '.join(missing)}")


def need_root() -> None:
    """Skip (in CI: fail) the running test without a Linux superuser and the tools for network namespaces."""
    if sys.platform != "linux" or os.geteuid() != 0:
        cannot_run("needs the superuser on Linux, for network namespaces")
    need_tools("ip", "iptables")


def need_windows() -> None:
    """Skip (in CI: fail) the running test where no virtual screen can be had."""
    need_tools("Xvfb", "xdotool")
