"""Telling people and systems what an audit found: digests, tasks, heartbeat, metrics, log. I/O.

`channels` sends (Apprise, SMTP), `wire` speaks to services named in the settings, `telling` and `handing` decide what
is sent to whom and keep the ledgers, `watching` follows a run. What is written comes from reports, handed in.
"""
