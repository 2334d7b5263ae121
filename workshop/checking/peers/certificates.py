"""Certificates for the length of a check, from an authority that nobody else believes."""

import contextlib
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = "127.0.0.1"
ELSEWHERE = "elsewhere.example"


class Certificates:
    """Files with certificates and keys (PEM).

    Args:
        folder: where to write them.

    Attributes:
        ca: the authority's own certificate.
        cert, key: what a server on this machine needs.
        other_key: a key that does not fit.
        strangers: the certificate of another authority.
    """

    def __init__(self, folder: Path) -> None:
        import trustme

        self._authority, self._stranger = trustme.CA(), trustme.CA()
        ours = self._authority.issue_cert(HERE, "localhost")
        self.ca, self.cert, self.key = folder / "ca.pem", folder / "server.pem", folder / "server.key"
        self.other_key, self.strangers = folder / "other.key", folder / "strangers.pem"
        self._authority.cert_pem.write_to_path(str(self.ca))
        self._stranger.cert_pem.write_to_path(str(self.strangers))
        ours.cert_chain_pems[0].write_to_path(str(self.cert))
        ours.private_key_pem.write_to_path(str(self.key))
        self._stranger.issue_cert(HERE).private_key_pem.write_to_path(str(self.other_key))

    def for_server(self, name: str = HERE, *, stranger: bool = False) -> ssl.SSLContext:
        """What a server of that name uses.

        Args:
            stranger: its certificate is from an authority that nobody believes.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (self._stranger if stranger else self._authority).issue_cert(name).configure_cert(context)
        return context


@contextlib.contextmanager
def certificates() -> Iterator[Certificates]:
    """Make them; they are gone afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Certificates(Path(folder))
