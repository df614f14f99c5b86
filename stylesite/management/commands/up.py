"""`manage.py up`: bring the whole site up, and down again with Ctrl-C."""

from __future__ import annotations

import os
import signal
from typing import Any

import environ
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections

import ml
from gallery import house
from stylesite.supervisor import Site, SiteError, Stopped, bracketed
from transfer.services import starter_generator_is_loaded


class Command(BaseCommand):
    help = "Start Valkey (unless REDIS_URL names a server), the workers and the web server, and keep them running."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", type=int, default=environ.Env().int("WORKERS", default=1))
        parser.add_argument("--trainers", type=int, default=environ.Env().int("TRAINERS", default=1))

    def handle(self, *args: Any, workers: int, trainers: int, **options: Any) -> None:
        site = Site(
            var_dir=settings.VAR_DIR,
            host=settings.HOST,
            port=settings.PORT,
            workers=workers,
            trainers=trainers,
            redis_url=settings.REDIS_URL,
            embeds_valkey=not os.environ.get("REDIS_URL"),
        )
        # SIGINT too: a shell that starts the site in the background has it ignored.
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, site.ask_to_stop)
        try:
            self._bring_up(site)
            site.watch()
        except SiteError as error:
            raise CommandError(str(error)) from error
        except Stopped:
            self.stdout.write("\nStopping.")
        finally:
            site.stop()

    def _bring_up(self, site: Site) -> None:
        site.claim()
        self._fetch_weights(site)
        site.start_valkey()
        self._prepare_data()
        self._load_starter_generator(site)
        self._hang_house_works(site)
        site.start_workers()
        site.start_server()
        address = (
            f"http://{'localhost' if site.host in ('127.0.0.1', '0.0.0.0') else bracketed(site.host)}:{site.port}/"
        )
        self.stdout.write(self.style.SUCCESS(f"Stylesite is up: {address} (Ctrl-C stops it)"))

    def _fetch_weights(self, site: Site) -> None:
        if ml.weights_path().exists():
            return
        if site.run("fetching of the weights", ["-m", "ml", "fetch-weights"]):
            raise SiteError("The feature network's weights could not be fetched; check the network and start again.")

    def _load_starter_generator(self, site: Site) -> None:
        """In a process of its own, for it takes PyTorch, which would stay in this one's memory."""
        loaded = starter_generator_is_loaded()
        connections.close_all()
        if loaded:
            return
        if site.run("loading of the generator", ["manage.py", "load_starter_generator", "--verbosity", "0"]):
            raise SiteError("The generator in the box could not be loaded; its messages are above.")

    def _hang_house_works(self, site: Site) -> None:
        """In a process of its own, as the generator above."""
        wanted = settings.SEED_GALLERY and house.is_wanted()
        connections.close_all()
        if wanted and site.run("hanging of the first works", ["manage.py", "hang_house_works", "--verbosity", "0"]):
            raise SiteError("The works that the gallery begins with could not be hung; SEED_GALLERY=false leaves them.")

    def _prepare_data(self) -> None:
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except OperationalError as error:
            raise SiteError(f"The database cannot be reached: {str(error).strip()}.") from error
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_starter_styles", verbosity=0)
        connections.close_all()
