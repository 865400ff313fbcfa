"""Two servers behind nginx, as deploy/nginx.conf puts them, on free ports."""

import os
import shutil
import ssl
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.browser.server import ROOT, free_port, running

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
USER, PASSWORD = "reader", "not a secret"
STARTUP_SECONDS = 20
AROUND = """
{user}
pid {folder}/nginx.pid;
daemon off;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    log_format process '$upstream_addr $status $bytes_sent $request';
    access_log {folder}/access.log process;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/huiyin.conf;
}}
"""


@dataclass(frozen=True)
class Site:
    """What nginx shows: its address, the addresses and processes of the servers behind it, and its log."""

    address: str
    servers: tuple[str, ...]
    processes: tuple[int, ...]
    certificate: Path
    log: Path

    def session(self) -> requests.Session:
        """A signed-in browser's requests, with cookies of their own."""
        session = requests.Session()
        session.auth, session.verify, session.trust_env = (USER, PASSWORD), str(self.certificate), False
        return session

    def encryption(self) -> ssl.SSLContext:
        """What trusts the site's certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def headers(self, session: requests.Session) -> dict[str, str]:
        """What a browser sends with its websocket: who it is, and its cookies."""
        signed = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)
        return {"Authorization": f"Basic {signed}", "Cookie": cookies}


def find_nginx() -> str | None:
    """The program, None where there is none."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def behind_nginx(program: str, folder: Path, database: str | None = None) -> Iterator[Site]:
    """Two servers on a database, by default the folder's, behind nginx; all end with the block."""
    with ExitStack() as stack:
        running_servers = [stack.enter_context(running(folder, database)) for _ in range(2)]
        servers = tuple(server.address for server in running_servers)
        port = free_port()
        _write_files(folder, port, servers)
        nginx = subprocess.Popen([program, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"])
        stack.callback(_stop, nginx)
        processes = tuple(server.process for server in running_servers)
        site = Site(f"https://127.0.0.1:{port}", servers, processes, folder / "site.crt", folder / "access.log")
        _wait(site, nginx, folder / "error.log")
        yield site


def _stop(nginx: subprocess.Popen[bytes]) -> None:
    nginx.terminate()
    nginx.wait(timeout=30)


def _wait(site: Site, nginx: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and nginx.poll() is None:
        try:
            site.session().get(f"{site.address}/_stcore/health", timeout=5).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nginx did not start: {log.read_text(encoding='utf-8')}")


def _write_files(folder: Path, port: int, servers: tuple[str, ...]) -> None:
    _write_certificate(folder / "site.crt", folder / "site.key")
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    text = CONFIGURATION.read_text(encoding="utf-8")
    for ours, theirs in {
        "127.0.0.1:8501": servers[0].removeprefix("http://"),
        "127.0.0.1:8502": servers[1].removeprefix("http://"),
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/nginx/huiyin.crt": str(folder / "site.crt"),
        "/etc/nginx/huiyin.key": str(folder / "site.key"),
        "/etc/nginx/huiyin.users": str(folder / "users"),
        "/var/lib/nginx/huiyin": str(folder / "cache"),
    }.items():
        assert text.count(ours) == 1, ours
        text = text.replace(ours, theirs)
    (folder / "huiyin.conf").write_text(text, encoding="utf-8")


def _write_certificate(certificate: Path, key: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "huiyin")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
