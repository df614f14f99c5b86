"""Requests to addresses that people have typed: they reach the public network alone, and never this site's own.

A name is resolved once, every address it has is looked at, and the connection goes to the one that was looked at, so
that a name which changes its mind in between wins nothing. Redirects are answers like others, and nobody follows them.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 5.0
SCHEMES = {"http": 80, "https": 443}
# Their addresses hold an IPv4 address that a gateway passes things on to.
TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class Unreachable(Exception):
    """No answer came; the message says what stood in the way."""


class _Plain(http.client.HTTPConnection):
    """A connection to an address that has been looked at, whatever its host's name resolves to by now."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), TIMEOUT_SECONDS)


class _Encrypted(_Plain):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. Raises `Unreachable`."""
    parts = urlsplit(url)
    try:
        host, port = _host_and_port(parts)
        connection = (_Encrypted if parts.scheme == "https" else _Plain)(host, port, _public_address(host, port))
        try:
            connection.request("POST", parts._replace(scheme="", netloc="").geturl() or "/", body, dict(headers))
            return connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, or the site may call others."""
    if settings.WEBHOOKS_MAY_CALL_PRIVATE_ADDRESSES:
        return True
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if inner := ip.ipv4_mapped:
            return is_public(str(inner))
        if ip.sixtofour or ip.teredo or any(ip in network for network in TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def _host_and_port(parts: SplitResult) -> tuple[str, int]:
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise Unreachable("the address must begin with http:// or https://")
    return parts.hostname, parts.port or SCHEMES[parts.scheme]


def _public_address(host: str, port: int) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(address[0]) for *_, address in found]
    if not addresses or not all(map(is_public, addresses)):
        raise Unreachable(f"{host} is not on the public network")
    return addresses[0]
