"""A bundle is given to the room: its files, and nothing else."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.processes import python, running
from workshop.bundle.folder import Folder
from workshop.bundle.serve import Server, find
from workshop.processes.children import READY
from workshop.processes.children import running as child


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Give a small bundle, beside which there is a secret."""
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "bundle"
    for path in ("index.html", "guides/one.html", "workshop-windows.zip", ".wheels/x"):
        Folder(folder).write(path, path.encode())
    return folder


@pytest.fixture
def server(bundle: Path) -> Iterator[Server]:
    """Give a server of that bundle."""
    with Server(bundle, 0, "127.0.0.1") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(server: Server, path: str, method: str = "GET") -> tuple[http.client.HTTPResponse, bytes]:
    """Ask for a path just as it is written; gives the answer and its body."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.putrequest(method, path)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/", b"index.html", "text/html; charset=utf-8"),
        ("/index.html?x=1", b"index.html", "text/html; charset=utf-8"),
        ("/guides/one.html", b"guides/one.html", "text/html; charset=utf-8"),
        ("/workshop-windows.zip", b"workshop-windows.zip", "application/zip"),
    ],
)
def test_files(server: Server, path: str, body: bytes, kind: str) -> None:
    """A file comes with its length, so that a browser can show how far it is."""
    answer, found = ask(server, path)
    assert (answer.status, found) == (200, body)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/guides/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/guides",
        "/gone",
        "/index.html%00.zip",
        "/.wheels/x",
        "/C:/secret.txt",
        "//secret.txt",
        "/" + "x" * 5000,
    ],
)
def test_nothing_else(server: Server, path: str) -> None:
    """What is outside of the folder, hidden, or not there is not found."""
    answer, body = ask(server, path)
    assert answer.status == 404
    assert b"secret" not in body.replace(b"secret.txt", b"")


def test_symbolic_links(bundle: Path) -> None:
    """A link that leads out of the folder is not followed; one that stays in it is."""
    try:
        (bundle / "out.txt").symlink_to(bundle.parent / "secret.txt")
        (bundle / "parent").symlink_to(bundle.parent, target_is_directory=True)
        (bundle / "in.html").symlink_to(bundle / "index.html")
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert find(bundle, "/out.txt") is None
    assert find(bundle, "/parent/secret.txt") is None
    assert find(bundle, "/in.html") == bundle / "index.html"


@given(
    st.text(max_size=40) | st.lists(st.sampled_from(["..", ".", "/", "%2e", "a", "\\", "\0"])).map("/".join)
)
def test_whatever_is_asked_for(path: str) -> None:
    """No path leads out of the folder, or to an exception."""
    root = Path(__file__).parent
    found = find(root, path)
    assert found is None or found.is_relative_to(root)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"])
def test_only_get(server: Server, method: str) -> None:
    """Whatever else somebody wants is refused, and so is a method that there is not."""
    assert ask(server, "/index.html", method)[0].status == (501 if method == "BREW" else 405)


def test_a_whole_class_at_once(server: Server, bundle: Path) -> None:
    """Thirty downloads at once all come whole, while one of them stands still."""
    data = bytes(range(256)) * 4000
    Folder(bundle).write("workshop-linux.zip", data)
    still = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    still.request("GET", "/workshop-linux.zip")
    whole: list[bool] = []
    threads = [
        threading.Thread(target=lambda: whole.append(ask(server, "/workshop-linux.zip")[1] == data))
        for _ in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    still.close()
    assert whole == [True] * 30


def test_as_a_child_process(bundle: Path) -> None:
    """`host` starts it beside itself: it says its port, and ends with the block."""
    with child("workshop.bundle.serve", str(bundle), "--port", "0", "--host", "127.0.0.1") as process:
        port = int(process.wait_for(READY)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"index.html"
        connection.close()


def test_a_folder_that_is_no_bundle(tmp_path: Path) -> None:
    """Nobody's home folder is given to the room by a slip: a bundle has our record in it."""
    command = python("-m", "workshop.bundle.serve", tmp_path)
    with running(command, tmp_path / "log") as program:
        assert program.wait() == 2
    assert "is no bundle; make one" in program.text()
