"""The site's settings over a folder of their own, so that tests never touch `var/`."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "STYLESITE_TEST_VAR_DIR" not in os.environ:
    os.environ["STYLESITE_TEST_VAR_DIR"] = tempfile.mkdtemp(prefix="stylesite-test-")
    atexit.register(shutil.rmtree, os.environ["STYLESITE_TEST_VAR_DIR"], ignore_errors=True)
os.environ["VAR_DIR"] = os.environ["STYLESITE_TEST_VAR_DIR"]

from stylesite.settings import *  # noqa: F403
from stylesite.settings import DATABASES, STATIC_ROOT, STORAGES, VAR_DIR

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, since several threads and processes work on it at once.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR_DIR) / "test.sqlite3")}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
