"""`manage.py load_starter_styles`: put the starter styles into the library, or bring them up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from transfer.services import load_starter_styles


class Command(BaseCommand):
    help = "Put the starter styles that come with the project into the style library."

    def handle(self, *args: Any, **options: Any) -> None:
        count = load_starter_styles()
        if options["verbosity"]:
            self.stdout.write(f"{count} starter styles are in the library.")
