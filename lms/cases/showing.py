"""A version's HTML for a page: its pictures and files get their addresses, which depend on where the site lives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import escape

from lms.cases.kinds import Section
from lms.cases.library_text import FILES
from lms.cases.models import Case, CaseVersion
from lms.courses.prose import retarget


@dataclass(frozen=True)
class Shown:
    """A section of a version, as the page shows it."""

    section: Section
    html: str


def sections_of(case: Case, version: CaseVersion, only: Section | None = None) -> Sequence[Shown]:
    """The sections that hold something, in their order."""
    wanted = [only] if only else list(Section)
    found = [Shown(section, rooted(case.slug, version, section)) for section in wanted]
    return [shown for shown in found if shown.html.strip()]


def rooted(slug: str, version: CaseVersion, section: Section) -> str:
    def address(name: str) -> str:
        return str(escape(url_for("cases.file", slug=slug, name=name, version=version.number)))

    return retarget(version.html[section.value], address, FILES)
