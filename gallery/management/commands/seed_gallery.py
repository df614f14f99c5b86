"""`manage.py seed_gallery`: see `gallery.seeding`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery.seeding import is_seeded, real_people_exist, seed_gallery


class Command(BaseCommand):
    help = "Fill the gallery with synthetic works. For sites that are tried out, not for those that people use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--works", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same works")
        parser.add_argument("--force", action="store_true", help="even though people use this site")

    def handle(self, *args: Any, works: int, seed: int, force: bool, **options: Any) -> None:
        if real_people_exist() and not force:
            raise CommandError("People use this site. --force adds synthetic works all the same.")
        if is_seeded(seed):
            raise CommandError(f"The works of seed {seed} are here already. Choose another --seed.")
        seed_gallery(works, seed, self._tell if options["verbosity"] else lambda done: None)

    def _tell(self, done: int) -> None:
        self.stdout.write(f"{done} works")
