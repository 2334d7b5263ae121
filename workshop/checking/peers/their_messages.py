"""A room of ours in a learner's process, which hands on what the learner's messages let through.

The command line has the module with their messages, and the port.
"""

import asyncio
import inspect
import sys
from collections.abc import Callable
from importlib import import_module

import netlib

KINDS = ("Chat", "Emote")  # of messages, as the step calls them


async def main(module: str, port: int) -> None:
    """Listen to their messages, and hand each on to the others."""
    server = netlib.Server("Ours", host="127.0.0.1", port=port, discoverable=False)
    theirs = import_module(module)

    def hand_on(peer: netlib.Peer, message: netlib.Message) -> None:
        server.broadcast(message, exclude=[peer])

    for kind in filter(None, (getattr(theirs, name, None) for name in KINDS)):
        at_its_line(kind, lambda kind=kind: server.on(kind, hand_on))  # type: ignore[misc]
    await server.serve_forever()


def at_its_line(kind: type, action: Callable[[], object]) -> None:
    """Do something with a class; what that raises counts as raised where the class begins in their file."""
    line, file = inspect.getsourcelines(kind)[1], inspect.getsourcefile(kind) or ""
    exec(compile("\n" * (line - 1) + "action()", file, "exec"), {"action": action})


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
