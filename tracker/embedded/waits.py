"""How long each step may take: nothing here waits for ever."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Waits:
    """The longest waits, in seconds."""

    # For the server to take connections while it says that it starts; recovery replays what a crash left.
    start: float = 600
    # For a server that runs but says nothing, or nothing of a start.
    answer: float = 30
    # For a fast stop, which writes every changed page.
    stop: float = 600
    # For initdb.
    make: float = 600
    # For another process that starts or stops the server: longer than all of its steps.
    turn: float = 2000
    # For the processes of a killed server, first to end by themselves and then after each signal.
    orphans: float = 3
    # For a server whose pid file is gone: it looks once a minute, and stops itself.
    unnoted: float = 90
