"""The connection from inside the program to the check that started it."""

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable

from workshop.bootstrap.lifeline import interrupt_ourselves
from workshop.checking.wire import AnyOrder, Interrupt, Message, decode_order, encode
from workshop.processes.process_group import MARK, kill_marked

GRACE_SECONDS = 1.0  # for the program to end once the check is gone


class CheckLink:
    """Tells the check what happens, and listens to its orders in a thread.

    Args:
        port: where the check listens, on 127.0.0.1.
        obey: is called with each order, in that thread.
    """

    def __init__(self, port: int, obey: Callable[[AnyOrder], None]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lock = threading.Lock()
        self._obey = obey
        threading.Thread(target=self._listen, daemon=True, name="check").start()

    def tell(self, message: Message) -> None:
        """Say what happened; from any thread."""
        with self._lock, contextlib.suppress(OSError):
            self._socket.sendall(encode(message) + b"\n")

    def _listen(self) -> None:
        with contextlib.suppress(OSError), self._socket.makefile("rb") as lines:
            for line in lines:
                order = decode_order(line)
                if isinstance(order, Interrupt):
                    interrupt_ourselves()
                else:
                    self._obey(order)
        self._end()

    def _end(self) -> None:
        """The check is gone: nothing may be left of us, nor of what the program has started."""
        interrupt_ourselves()
        threading.Event().wait(GRACE_SECONDS)
        kill_marked(os.environ.get(MARK, ""))
        if sys.platform != "win32" and os.getpgrp() == os.getpid():
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(1)
