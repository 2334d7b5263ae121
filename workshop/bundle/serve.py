"""Serves a bundle to the room from a process of its own, so that no download delays a game.

python -m workshop.bundle.serve DIR [--port N] [--host ADDRESS]
"""

from __future__ import annotations

import argparse
import os
import shutil
import socketserver
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from workshop.bundle.folder import RECORD
from workshop.errors import WorkshopError
from workshop.processes.running.ports import free_port
from workshop.terminal import console

BUNDLE_PORT = 8770  # TCP; beside the game's ports
CHUNK = 256 * 1024  # bytes to send at a time
SILENCE_SECONDS = 60.0  # after which we give up a download that has stopped
WAITING = 128  # connections that may wait: a whole class clicks at once
NICE = 10  # by which we lower our priority for a game beside us, if the system can do that
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".zip": "application/zip",
}


def find(root: Path, path: str) -> Path | None:
    """The file in the folder ``root`` that the path of a URL (percent signs and all) means, if any."""
    parts = [part for part in unquote(path).split("/") if part]
    if any(part.startswith(".") or set(part) & set("\\:\0") for part in parts):
        return None
    try:
        file = root.joinpath(*parts)
        real = (file / "index.html" if file.is_dir() else file).resolve(strict=True)
    except (OSError, ValueError):
        return None
    return real if real.is_file() and real.is_relative_to(root.resolve()) else None


class Handler(BaseHTTPRequestHandler):
    """Answers one request: only GET, and only with files of the bundle."""

    server: Server
    server_version = "workshop"
    sys_version = ""
    timeout = SILENCE_SECONDS

    def do_GET(self) -> None:
        """Send a file."""
        file = find(self.server.root, urlsplit(self.path).path)
        if file is None:
            self.send_error(404, "There is no such file in the bundle")
            return
        with file.open("rb") as source:
            self.send_response(200)
            self.send_header("Content-Type", KINDS.get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(os.fstat(source.fileno()).st_size))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            shutil.copyfileobj(source, self.wfile, CHUNK)
        if file.suffix == ".zip":
            console.say(f"{self.client_address[0]} has fetched {file.name}.")

    def _refuse(self) -> None:
        self.send_error(405, "Only GET is served here")

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _refuse

    def log_message(self, *_: object) -> None:
        """Print nothing for a request."""


class Server(ThreadingHTTPServer):
    """Serves the folder, a thread for each download; port 0 takes any free one, host "" all addresses."""

    daemon_threads = True
    request_queue_size = WAITING
    allow_reuse_address = sys.platform != "win32"  # there it would let two programs share the port

    def __init__(self, root: Path, port: int, host: str = "") -> None:
        self.root = root
        super().__init__((host, port), Handler)

    def server_bind(self) -> None:
        """Bind without looking up our own name: without internet that takes long."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that left in the middle of a download; report other errors."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def main() -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m workshop.bundle.serve", description="Serve a bundle.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=BUNDLE_PORT)
    parser.add_argument("--host", default="")
    given = parser.parse_args()
    if not (given.folder / RECORD).is_file():
        console.fail(f"{given.folder} is no bundle; make one: {console.command('bundle', str(given.folder))}")
        return 2
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        with Server(given.folder, free_port(given.port) if given.port else 0, given.host) as server:
            console.say(f"The bundle is open on port {server.server_port}.")
            server.serve_forever()
    except WorkshopError as error:
        console.fail(str(error))
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    console.prepare_streams()
    sys.exit(main())
