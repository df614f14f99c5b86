"""`manage.py metrics`: the site's numbers for Prometheus, at an address of their own that need not be public."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from prometheus_client import start_http_server

from transfer.metrics import registry


class Command(BaseCommand):
    help = "Serve metrics for Prometheus until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where to listen (%(default)s)")
        parser.add_argument("--port", type=int, default=9105, help="(%(default)s)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            server, thread = start_http_server(port, host, registry())
        except OSError as error:
            raise CommandError(f"Port {port} of {host} cannot be used ({error.strerror}).") from error
        self.stdout.write(f"Metrics at http://{host}:{port}/metrics (Ctrl-C stops)")
        try:
            thread.join()
        except KeyboardInterrupt:
            server.shutdown()
