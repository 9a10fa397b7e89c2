"""Writes the published schemas again: ``python -m reports.schema``."""

from reports.schema import FEDERATION_FILE, FILE, build, build_federation, dumps

FILE.write_text(dumps(build()), encoding="utf-8")
FEDERATION_FILE.write_text(dumps(build_federation()), encoding="utf-8")
