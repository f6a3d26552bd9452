"""Stops the embedded server once nobody has leased it for a moment. Runs as a process of its own."""

import sys
import time
from contextlib import suppress
from pathlib import Path

from tracker.embedded.server import EmbeddedServer

# Seconds between the last lease and the stop: one management command after another need not restart the server.
LINGER = 3.0


def main(data_dir: Path) -> None:
    """Wait for the last lease to end, then stop the server, and end too."""
    server = EmbeddedServer(data_dir)
    if server.leases.watch() is None:
        return
    while True:
        server.leases.wait_until_unused()
        time.sleep(LINGER)
        with suppress(TimeoutError), server.leases.changing():
            if server.leases.unused():
                server.stop_held()
                return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
