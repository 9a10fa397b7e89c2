"""Writes the published schema again: ``python -m reports.schema``."""

from reports.schema import FILE, dumps

FILE.write_text(dumps(), encoding="utf-8")
