"""How gunicorn serves the tracker (``python:tracker.gunicorn``)."""

from typing import Any

from django.conf import settings

from tracker.embedded import server_for
from tracker.settings import DATA_DIR, env_number

bind = f"127.0.0.1:{env_number('PORT', 8000, 1, 65535)}"
workers = env_number("WEB_WORKERS", 2, 1, 64)
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
loglevel = "warning"
# A proxy on this machine may say that the reader came by https.
forwarded_allow_ips = "127.0.0.1,::1"


def on_starting(server: Any) -> None:
    """Hold the embedded database for as long as the server runs, between requests too."""
    if settings.DATABASES["default"]["ENGINE"] == "tracker.postgres":
        server_for(DATA_DIR).ensure_running()


def when_ready(server: Any) -> None:
    """Say where the pages are."""
    print(f"{settings.SITE_NAME} is served on http://{bind}/", flush=True)
