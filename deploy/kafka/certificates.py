"""A certificate authority for one test node, and the certificates it signs. Made by the openssl command, valid a day."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

DAYS = "1"
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
_CA_EXTENSIONS = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")
_LEAF_EXTENSIONS = (
    "basicConstraints=CA:FALSE\nauthorityKeyIdentifier=keyid\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n"
)


@dataclass(frozen=True)
class Certificates:
    """PEM files. `server` holds key and certificate together, as Kafka's PEM key store wants them."""

    ca: Path
    server: Path
    client_certificate: Path
    client_key: Path


def make(folder: Path) -> Certificates:
    """Makes all of them anew in `folder`.

    Raises OSError where there is no openssl, subprocess.CalledProcessError (with its stderr) where it fails.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    extensions = [part for extension in _CA_EXTENSIONS for part in ("-addext", extension)]
    _openssl(
        *("req", "-x509", *_KEY, "-days", DAYS, "-subj", "/CN=Torugart test CA", *extensions),
        *("-keyout", str(ca_key), "-out", str(ca)),
    )
    server_certificate, server_key = _signed("server", "localhost", ca, ca_key)
    client_certificate, client_key = _signed("client", "torugart", ca, ca_key)
    server = folder / "server.pem"
    server.touch(mode=0o600)
    server.write_text(server_key.read_text() + server_certificate.read_text())
    return Certificates(ca, server, client_certificate, client_key)


def _signed(name: str, subject: str, ca: Path, ca_key: Path) -> tuple[Path, Path]:
    request, extensions = ca.with_name(f"{name}.csr"), ca.with_name(f"{name}.ext")
    certificate, key = ca.with_name(f"{name}.crt"), ca.with_name(f"{name}.key")
    extensions.write_text(_LEAF_EXTENSIONS)
    _openssl("req", *_KEY, "-subj", f"/CN={subject}", "-keyout", str(key), "-out", str(request))
    _openssl(
        *("x509", "-req", "-in", str(request), "-CA", str(ca), "-CAkey", str(ca_key), "-CAcreateserial"),
        *("-days", DAYS, "-extfile", str(extensions), "-out", str(certificate)),
    )
    return certificate, key


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True)  # noqa: S603, S607
