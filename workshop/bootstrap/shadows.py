"""Files that hide modules: a scratch `random.py` beside pyproject.toml is imported instead of Python's own.

This runs before all our other code, so it imports only what any Python has loaded by then.
"""

import os
import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, all_suffixes

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
FOREIGN = "WORKSHOP_PYTHONPATH"  # in our environment: what PYTHONPATH was, for the doctor
# The packages that the project needs, and then those that they and the tests of step 13 import.
IMPORTS = (
    *("pygame", "websockets", "msgspec", "click", "rich", "ifaddr"),
    *("segno", "markdown_it", "pygments", "packaging"),
)
INDIRECT = (
    *("mdurl", "typing_extensions", "pytest", "pluggy", "iniconfig", "pytest_asyncio", "pytest_timeout"),
    *("xdist", "execnet", "hypothesis", "sortedcontainers", "trustme", "cryptography", "idna"),
)


def clear_the_way(root: str = ROOT) -> None:
    """Exit with code 2 if a file hides a module, and name it; move the folders of PYTHONPATH to the end.

    Args:
        root: the checkout, in which the programs that we start run, wherever we are ourselves.
    """
    put_foreign_last(root)
    if found := [hidden for folder in sorted(_first_places(root)) for hidden in hiding(folder)]:
        said = "\n".join(f"{path} hides {whose(name)} module {name}." for path, name in found)
        sys.stderr.write(f"{said}\nRename {'it' if len(found) == 1 else 'them'}, and start again.\n")
        sys.exit(2)


def _first_places(root: str) -> set[str]:
    """Return the folders that Python searches first, here or in a program that we start."""
    ours = (os.path.join(root, "netlib"), os.path.join(root, "workshop"))  # no file there is scratch
    here = os.path.realpath(sys.path[0])
    places = set() if here.startswith(ours) else {here}
    return places | {root} if os.path.isfile(os.path.join(root, "pyproject.toml")) else places


def hiding(folder: str) -> list[tuple[str, str]]:
    """Return the files and packages in a folder that take the place of a module we need: path, module."""
    if not os.path.isdir(folder) or os.path.samefile(folder, os.path.dirname(os.__file__)):
        return []
    named = [(os.path.join(folder, entry), _module(folder, entry)) for entry in sorted(os.listdir(folder))]
    return [(path, name) for path, name in named if is_needed(name)]


def is_needed(name: str) -> bool:
    """Return whether a file can hide this module, and the module is Python's own or one that we use."""
    if name in sys.stdlib_module_names:
        return not (BuiltinImporter.find_spec(name) or FrozenImporter.find_spec(name))
    return name in IMPORTS or name in INDIRECT


def whose(name: str) -> str:
    """Return whose module it is, to be followed by "module"."""
    return "Python's own" if name in sys.stdlib_module_names else "the installed"


def put_foreign_last(root: str) -> None:
    """Search the folders of PYTHONPATH last here, and not at all in the programs that we start.

    Packages of other projects are there, and Python would import them instead of those installed here.
    """
    entries = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    foreign = [os.path.abspath(entry) for entry in entries if os.path.realpath(entry) != root]
    if not foreign:
        return
    os.environ[FOREIGN] = os.pathsep.join(foreign)
    os.environ["PYTHONPATH"] = root if len(foreign) < len(entries) else ""
    began_in = 0 if sys.flags.safe_path else 1  # the folder in which we were started stays first
    sys.path[began_in:] = sorted(sys.path[began_in:], key=lambda entry: os.path.abspath(entry) in foreign)


def _module(folder: str, entry: str) -> str:
    """Return the name under which a file or folder is imported; empty if it is no module."""
    if os.path.isfile(os.path.join(folder, entry, "__init__.py")):
        return entry
    return next((entry.removesuffix(suffix) for suffix in all_suffixes() if entry.endswith(suffix)), "")
