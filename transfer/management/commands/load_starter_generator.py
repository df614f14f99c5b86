"""`manage.py load_starter_generator`: put the generator in the box into the registry, or bring it up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from transfer.services import load_starter_generator


class Command(BaseCommand):
    help = "Put the generator that comes with the project into the registry."

    def handle(self, *args: Any, **options: Any) -> None:
        load_starter_generator()
        if options["verbosity"]:
            self.stdout.write("The generator in the box is in the registry.")
