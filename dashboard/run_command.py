"""``huiyin run`` and ``huiyin demo``: the pages, served on this machine."""

import ipaddress
import os
import socket
import sys
from datetime import datetime
from typing import Annotated

import typer

from dashboard.preparation import is_embedded, is_empty, prepare_embedded
from dashboard.sample_command import DEFAULT_SEED, SampleCompany, make_sample
from dashboard.wrong_use import WrongUseError
from data_access.settings import read_settings

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8501

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Address = Annotated[str, typer.Option(help="Address to listen on; without sign-in only this machine's own.")]


def run(port: Port = DEFAULT_PORT, address: Address = LOOPBACK) -> None:
    """Serve the pages on this machine until Ctrl-C."""
    refuse_other_machines(address)
    refuse_port_in_use(address, port)
    prepare_embedded(read_settings())
    serve(address, port)


def demo(port: Port = DEFAULT_PORT, address: Address = LOOPBACK) -> None:
    """Make a sample company if the embedded database is empty, then serve the pages."""
    refuse_other_machines(address)
    refuse_port_in_use(address, port)
    settings = read_settings()
    prepare_embedded(settings)
    if is_embedded(settings) and is_empty(settings):
        typer.echo("The database is empty: making the sample company. This takes a moment, once.")
        make_sample(settings, SampleCompany.CHANGPING, DEFAULT_SEED, datetime.now(settings.time_zone), None)
    serve(address, port)


def refuse_other_machines(address: str) -> None:
    """Raise WrongUseError unless the address belongs to this machine only: nobody signs in yet."""
    if address != "localhost" and not _is_loopback(address):
        raise WrongUseError(
            f"--address {address}: other machines could read every figure, because there is no sign-in. "
            f"Leave the option away ({LOOPBACK}), or put a server that signs people in before it: docs/deployment.md."
        )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def refuse_port_in_use(address: str, port: int) -> None:
    """Raise WrongUseError if another program listens on the port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise WrongUseError(
                f"Port {port} can't be used ({error.strerror}). Choose another, such as {port + 1}."
            ) from error


def serve_command(address: str, port: int) -> list[str]:
    """The command that serves the pages."""
    return [sys.executable, "-m", "dashboard.server", address, str(port)]


def serve(address: str, port: int) -> None:
    """Nothing: this process becomes the server, so that Ctrl-C and a stop reach it directly."""
    command = serve_command(address, port)
    os.execv(command[0], command)  # noqa: S606 - no shell, our own arguments
