"""The site's settings over a folder of their own, so that tests never touch `var/`.

Of several test processes at once (pytest-xdist) each has its own folder, and its own database of the Redis server.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.parallel import SHARED, own_redis_url

if SHARED not in os.environ:
    os.environ[SHARED] = tempfile.mkdtemp(prefix="stylesite-test-")
    atexit.register(shutil.rmtree, os.environ[SHARED], ignore_errors=True)
    if "REDIS_URL" in os.environ:
        os.environ["REDIS_URL"] = own_redis_url(os.environ["REDIS_URL"])
os.environ["VAR_DIR"] = os.environ[SHARED]

from stylesite.settings import *  # noqa: F403
from stylesite.settings import DATABASES, STATIC_ROOT, STORAGES, VAR_DIR

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, since several threads and processes work on it at once.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR_DIR) / "test.sqlite3")}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
