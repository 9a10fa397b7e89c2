"""Compiles the catalogues of texts into the wheel; what they are compiled with is needed for building only."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface[Any]):
    """Found by hatchling (pyproject.toml, [tool.hatch.build.targets.wheel.hooks.custom])."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (as hatchling calls it)
        """Adds the compiled catalogues, which git does not know."""
        texts = Path(self.root, "reports", "texts")
        runpy.run_path(str(texts / "compiling.py"))["compile_all"](texts / "locale")
        build_data["artifacts"].append("*.mo")
