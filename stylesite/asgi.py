"""The ASGI application that uvicorn serves."""

import os
import warnings

from django.conf import settings
from django.core.asgi import get_asgi_application

from stylesite.body_limit import LimitBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stylesite.settings")

# WhiteNoise streams files as WSGI does, and Django reads them whole before it sends them; they are small.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

# The studio's form carries two pictures; a file a little over its own limit still gets the form's explanation.
BODIES_MAX_BYTES = 3 * settings.UPLOAD_MAX_BYTES

application = LimitBody(get_asgi_application(), BODIES_MAX_BYTES)  # type: ignore[arg-type]
