"""`manage.py sweep`: what the workers do by themselves now and then, at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from transfer import leases
from transfer.sweeping import FILES_LEFT_ALONE, tidy


class Command(BaseCommand):
    help = "Queue again what lost its worker, and delete files and uploads that nothing needs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hours",
            type=float,
            default=FILES_LEFT_ALONE.total_seconds() / 3600,
            help="leave files younger than this alone, for their rows may be about to be written (%(default)g)",
        )

    def handle(self, *args: Any, hours: float, **options: Any) -> None:
        leases.sweep()
        files, photos = tidy(timedelta(hours=hours))
        self.stdout.write(f"{files} files that no row names and {photos} unused photos were deleted.")
