"""Refuse a Python that is too old, and name a newer one that is on this machine.

Parses and runs on any Python, back to 2.7.
"""

import os
import sys

OLDEST = (3, 11)
KNOWN_MINORS = (14, 13, 12, 11)


def refuse_old_python():
    """Leave with exit code 2 and one clear message when this Python is too old."""
    if tuple(sys.version_info[:2]) >= OLDEST:
        return
    sys.stderr.write(too_old_message(tuple(sys.version_info[:2]), find_newer_python(), sys.argv[1:]))
    sys.exit(2)


def too_old_message(version, newer, arguments):
    """Return what happened and what to do next; newer is a command to start a good Python, or None."""
    lines = ["The workshop needs Python %d.%d or newer; this is Python %d.%d." % (OLDEST + version)]
    if newer:
        lines.append("A newer one is on this machine. Type:")
        lines.append("    " + " ".join([newer, "-m", "workshop"] + list(arguments)))
    else:
        lines.append("Install a newer Python (python.org, or your system's packages) and try again.")
    return "\n".join(lines) + "\n"


def find_newer_python():
    """Return a command that starts a Python new enough, or None."""
    if sys.platform == "win32":
        return _from_launcher(_launcher_list())
    for minor in KNOWN_MINORS:
        if _on_path("python3.%d" % minor):
            return "python3.%d" % minor
    return None


def _on_path(name):
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return any(os.access(os.path.join(folder, name), os.X_OK) for folder in folders if folder)


def _launcher_list():
    """Return what the Windows launcher `py` says about the Pythons that it knows."""
    import subprocess

    try:
        return subprocess.check_output(["py", "-0"], stderr=subprocess.STDOUT).decode("utf-8", "replace")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _from_launcher(listing):
    import re

    minors = [int(found) for found in re.findall(r"[-:]3\.(\d+)", listing)]
    newest = max(minors + [0])
    return "py -3.%d" % newest if (3, newest) >= OLDEST else None
