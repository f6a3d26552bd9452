"""Which database a request reads facts from: a replica, or the server that takes writes. For DATABASE_REPLICA_URLS.

A request reads all its facts from one database, so that what it says agrees, and chooses it at its first query. Editors,
every write, every command and whatever readers keep (accounts, sessions, saved views, keys) have the main server alone.
A replica that fails is left alone for a while, and whoever was reading from it is answered by the main server.
"""

import logging
import random
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any

from asgiref.local import Local
from django.core.signals import request_finished
from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    connections,
)
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import Counter

logger = logging.getLogger(__name__)

# Seconds until a replica that failed is tried again.
RETRY = 30.0
READING = {"GET", "HEAD"}
# Of the app's models those that are no facts: people must see what they have just kept, and no withdrawn key is good.
KEPT_BY_PEOPLE = {"apikey", "correction", "savedview", "upload"}
# What a replica may fail by and the main server not. It may lack a migration yet, which is an error of programming; and
# what only a server can do that takes writes is refused by the last two.
FAILURES = (OperationalError, InterfaceError, ProgrammingError, InternalError, NotSupportedError)

READS = Counter("tracker_reads", "Requests that read facts, by the database chosen for them.", ["database"])
FAILED = Counter("tracker_replica_failures", "Times that a replica could not be read from.", ["database"])

_running = Local()
# Replica -> when it may be tried again, of those that failed; each process finds out for itself.
_resting: dict[str, float] = {}
_lock = Lock()


class Reading:
    """Where a request reads facts from; None until it does."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.database: str | None = None

    def choose(self) -> str:
        """Return the request's database, chosen now if it has none."""
        if self.database is None:
            # Who may change facts must see them changed. The history's middleware has asked for the user already.
            user = getattr(self.request, "user", None)
            self.database = DEFAULT_DB_ALIAS if user is None or user.is_staff else some_replica()
            READS.labels(self.database).inc()
        return self.database


def _running_reading() -> Reading | None:
    return getattr(_running, "reading", None)


def _end(**signal: Any) -> None:
    _running.reading = None


# Not where the middleware ends: what is streamed is read while it is sent.
request_finished.connect(_end, dispatch_uid="routers")


class ReplicaRouter:
    """Django's questions about databases. Each has an answer here: by default it would follow where a row came from."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        reading = _running_reading()
        return reading.choose() if reading and is_fact(model) else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        if reading := _running_reading():
            # What it reads from now on must show what it has written.
            reading.database = DEFAULT_DB_ALIAS
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def is_fact(model: type[Model]) -> bool:
    """Whether a model's rows are facts, what follows from them, or their history."""
    return model._meta.app_label == "investments" and model._meta.model_name not in KEPT_BY_PEOPLE


def some_replica() -> str:
    """Return one of the replicas that can be reached, at random; the main server where none can."""
    names = [name for name in connections if name != DEFAULT_DB_ALIAS]
    return next((name for name in random.sample(names, len(names)) if reached(name)), DEFAULT_DB_ALIAS)


def reached(name: str) -> bool:
    """Whether a replica takes a connection now, or has kept the last one."""
    if not rested(name):
        return False
    try:
        connections[name].close_if_health_check_failed()
        connections[name].ensure_connection()
    except Error as error:
        set_aside(name, error)
        return False
    with _lock:
        was_resting = _resting.pop(name, None)
    if was_resting:
        logger.info("%s is read from again.", name)
    return True


def rested(name: str) -> bool:
    """Whether a replica may be tried: it has not failed, or long enough ago."""
    with _lock:
        if name not in _resting:
            return True
        if monotonic() < _resting[name]:
            return False
        # To try may take seconds: one request does, while the others go on without.
        _resting[name] = monotonic() + RETRY
        return True


def set_aside(name: str, error: Exception) -> None:
    """Leave a replica alone for a while; the log has one line for as long as it stays away."""
    FAILED.labels(name).inc()
    with _lock:
        known = name in _resting
        _resting[name] = monotonic() + RETRY
    if not known:
        logger.warning("%s is not read from, and tried every %g seconds: %s", name, RETRY, _line(error))


def _line(error: Exception) -> str:
    return " ".join(str(error).split())


class ReplicaMiddleware:
    """Lets requests that only read use a replica, and answers them from the main server when it fails them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _running.reading = Reading(request) if request.method in READING else None
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Ask the view again, of the main server, when it was the replica that failed."""
        reading = _running_reading()
        name = reading.database if reading else None
        if reading is None or name in (None, DEFAULT_DB_ALIAS) or not isinstance(error, FAILURES):
            return None
        # Where this is not set, the error is of the main server.
        if not connections[name].errors_occurred:
            return None
        if connections[name].is_usable():
            # Only this query failed: it stood in the way of what the replica had to replay, say.
            FAILED.labels(name).inc()
            logger.warning("%s did not answer %s: %s", name, request.path, _line(error))
        else:
            set_aside(name, error)
        reading.database = DEFAULT_DB_ALIAS
        match = request.resolver_match
        assert match
        response: Any = match.func(request, *match.args, **match.kwargs)
        # Where the error came while a template was made, nobody makes it any more.
        return response.render() if callable(getattr(response, "render", None)) else response
