"""What TAKE_HOME.md shows as files, and web servers that run with them in front of a game."""

import re
import shutil
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.support import tools
from tests.support.commands import free_port
from tests.support.processes import ROOT, running, wait_until
from workshop.maintenance.upkeep.guides import FENCE

TEXT = (ROOT / "workshop" / "guides" / "TAKE_HOME.md").read_text(encoding="utf-8")
# An nginx of our own: what Debian's has in /etc and /var, this one has in a folder.
NGINX = """
pid nginx.pid;
events {}
http {
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include my_game.conf;
}
"""
CADDY = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"


class Front(NamedTuple):
    """A web server in front of a game: where players find it, and what they trust."""

    url: str
    trusted: ssl.SSLContext


def shown(name: str) -> str:
    """Return the text of a file that the guide shows under a name that ends so."""
    [text] = [text for info, text in FENCE.findall(TEXT) if info.partition(" ")[2].endswith(name)]
    return str(text)


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """Return the text with each of these replaced; all of them are in it."""
    for old, new in changes.items():
        assert old in text, f"the guide has no {old!r} any more"
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, game: int, **changes: str) -> Iterator[Front]:
    """Run nginx with the guide's file in front of the game at a port; only its place is another.

    Args:
        changes: other values of directives.
    """
    tools.need_tools("nginx")
    port, trusted = free_port(), certify(folder)
    text = replaced(
        shown("my_game.conf"),
        {
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "    listen [::]:443 ssl;\n": "",
            "/etc/letsencrypt/live/game.example.org/": "",
            "game.example.org": "localhost",
            "127.0.0.1:8765": f"127.0.0.1:{game}",
        },
    )
    for name, value in changes.items():
        text, found = re.subn(rf"\b{name} [^;]+;", f"{name} {value};", text)
        assert found == 1, f"the guide has no {name} any more"
    (folder / "nginx.conf").write_text(NGINX, encoding="utf-8")
    (folder / "my_game.conf").write_text(text, encoding="utf-8")
    command = ["nginx", "-p", str(folder), "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"]
    with running(command, folder / "log"):
        wait_until(lambda: listens(port), f"nginx listens: {(folder / 'log').read_text('utf-8')}")
        yield Front(f"wss://localhost:{port}/game/", trusted)


@contextmanager
def caddy(folder: Path, game: int) -> Iterator[Front]:
    """Run Caddy with the guide's file in front of the game at a port; only its place is another."""
    need_if_there("caddy")
    port, trusted = free_port(), certify(folder)
    site = f"localhost:{port} {{\n\tbind 127.0.0.1\n\ttls fullchain.pem privkey.pem"
    changes = {"game.example.org {": site, "127.0.0.1:8765": f"127.0.0.1:{game}"}
    (folder / "Caddyfile").write_text(CADDY + replaced(shown("Caddyfile"), changes), encoding="utf-8")
    command = ["caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
    environ = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with running(command, folder / "log", environ=environ, cwd=folder):
        wait_until(lambda: listens(port), "caddy listens")
        yield Front(f"wss://localhost:{port}/game/", trusted)


def certify(folder: Path) -> ssl.SSLContext:
    """Write a certificate for localhost, its key and its authority; return what trusts it."""
    folder.mkdir()
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    issued.cert_chain_pems[0].write_to_path(str(folder / "fullchain.pem"))
    issued.private_key_pem.write_to_path(str(folder / "privkey.pem"))
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    return trusted


def listens(port: int) -> bool:
    """Return whether somebody listens there."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def need_if_there(name: str) -> None:
    """Skip the running test without this program, also in CI: few machines have it."""
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name} on this machine")
