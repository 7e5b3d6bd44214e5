"""Puts into the wheel what the running site needs and what lies outside of the package: assets and starter content.

An editable install (a developer's clone) reads them from the clone, so that nothing needs to be built before it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Folder of the clone -> its place inside the package; lms.config looks there first, then in the clone.
BUNDLED = {
    "static/dist": "lms/bundled/static",
    "courses": "lms/bundled/courses",
    "case_library": "lms/bundled/case_library",
}
NEEDED = ("static/dist", "courses", "case_library", "lms/translations/en/LC_MESSAGES/messages.mo")


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        missing = [name for name in NEEDED if not (root / name).exists()]
        if missing:
            raise FileNotFoundError(f"A wheel needs {', '.join(missing)}: build it with `make wheel`.")
        for source, target in BUNDLED.items():
            build_data["force_include"][str(root / source)] = target
