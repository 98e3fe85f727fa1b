"""What scripts/run, scripts/manage and scripts/test do: set up, start the servers, watch, stop.

Standard library only, because the first lines of it run before anything is installed.

Who starts whom: the command holds the lock of the data directory and starts PostgreSQL, the
broker, the web server, the worker and beat as direct children, each in a session of its own. A
guardian process reads a pipe from the command: when the command is killed, the pipe closes, and
the guardian stops what is left, in order. It shares the lock, so the next start waits for it.

Users: the web server, the worker and the broker keep the user who called. PostgreSQL refuses
root, so root's PostgreSQL runs as nobody (or as the owner of an existing cluster). Where nobody
cannot enter the checkout, see relocation.py.
"""
