"""The log as a machine reads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from uuid import UUID

from tests.live import ROOT

JOB = UUID(int=5)
SCRIPT = f"""
import logging, uuid
import django
django.setup()
from transfer.logs import about
with about("job", uuid.UUID("{JOB}")):
    logging.getLogger("elsewhere").warning("seen %s", "twice")
logging.getLogger("elsewhere").warning("unseen")
"""


def test_every_record_is_an_object_that_names_the_job_it_is_about() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "LOG_FORMAT": "json"}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    inside, outside = (json.loads(line) for line in ran.stderr.splitlines())

    assert (inside["job"], inside["message"], inside["levelname"]) == (str(JOB), "seen twice", "WARNING")
    assert "job" not in outside
