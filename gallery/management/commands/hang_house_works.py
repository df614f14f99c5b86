"""`manage.py hang_house_works`: see `gallery.house`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gallery.house import hang_house_works, is_wanted


class Command(BaseCommand):
    help = "Begin the gallery with the works that come with the project, unless somebody has painted here already."

    def handle(self, *args: Any, **options: Any) -> None:
        hung = hang_house_works() if is_wanted() else []
        if options["verbosity"]:
            self.stdout.write(f"{len(hung)} works of the house were hung.")
