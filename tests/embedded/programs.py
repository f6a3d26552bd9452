"""Small programs that use the embedded server; the first argument is the data folder."""

BEGIN = """
import sys, os, time
from pathlib import Path
import psycopg
from tracker.embedded import server_for
server = server_for(Path(sys.argv[1]))
def connect():
    params = server.ensure_running()
    return psycopg.connect(host=params.host, port=params.port, user=params.user, dbname=params.dbname, autocommit=True)
"""

# Says the server's process id, then holds its lease until its standard input is closed.
HOLD = (
    BEGIN
    + """
connect().close()
print(server.cluster.postmaster(), flush=True)
sys.stdin.read()
"""
)

WRITE = (
    BEGIN
    + """
with connect() as c:
    c.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
    c.execute("INSERT INTO kept VALUES (%s)", [int(sys.argv[2])])
    print(c.execute("SELECT count(*) FROM kept").fetchone()[0], server.cluster.postmaster(), flush=True)
"""
)

COUNT = (
    BEGIN
    + """
with connect() as c:
    print(c.execute("SELECT count(*) FROM kept").fetchone()[0], flush=True)
"""
)
