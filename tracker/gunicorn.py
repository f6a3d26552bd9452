"""How gunicorn serves the tracker (``python:tracker.gunicorn``)."""

import os
import shutil
import tempfile
from typing import Any

from django.conf import settings

from tracker.embedded import server_for

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# Where the workers leave their counts for /metrics; one folder per server, also when the configuration is read anew.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="tracker-metrics-")

bind = f"127.0.0.1:{settings.PORT}"
workers = settings.WEB_WORKERS
# Threads, because browsers hold connections open in advance, and each would occupy a worker of one thread. The app is
# loaded after the fork, so that no worker shares a database connection with another.
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5
loglevel = "warning"
control_socket_disable = True
# A proxy on this machine may say that the reader came by https.
forwarded_allow_ips = "127.0.0.1,::1"


def on_starting(server: Any) -> None:
    """Hold the embedded database for as long as the server runs, between requests too."""
    if settings.DATABASES["default"]["ENGINE"] == "tracker.postgres":
        server_for(settings.DATA_DIR).ensure_running()


def when_ready(server: Any) -> None:
    """Say where the pages are."""
    host, port = server.LISTENERS[0].sock.getsockname()[:2]
    print(f"{settings.SITE_NAME} is served on http://{host}:{port}/ (Ctrl-C ends it)", flush=True)


def on_exit(server: Any) -> None:
    """Remove the counts."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
