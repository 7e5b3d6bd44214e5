"""A file against what is on record: the pure parts put together with what they must know from the database.

Used when a file is uploaded, when a column is chosen anew, and once more at the moment of loading, so that what is done
is what is true then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lms.accounts import renaming
from lms.core import clock
from lms.core.spreadsheets import Workbook
from lms.people import identity
from lms.roster import queries
from lms.roster.findings import Code, Finding, Severity, rows_with_errors, to_json, worst_first
from lms.roster.mapping import Field
from lms.roster.matching import people_of, place_rows
from lms.roster.places import Directory
from lms.roster.plan import Plan, Step, draft
from lms.roster.understanding import Understanding, understand
from lms.units.models import Unit

MOST_LISTED = 300  # names of each kind kept for the pages; the counts are always whole


@dataclass(frozen=True)
class Checked:
    """What a file says, what is wrong with it, and what loading it would do."""

    understanding: Understanding
    findings: Sequence[Finding]
    plan: Plan
    directory: Directory

    @property
    def rows_out(self) -> set[int]:
        """Rows that an error keeps out, with the other rows of the same people."""
        return rows_with_errors(self.findings) | {row.number for row in self.plan.left_out if not row.is_sound}

    @property
    def sound(self) -> int:
        return len(self.understanding.rows) - len(self.rows_out)

    @property
    def blocks(self) -> bool:
        """Whether something must be corrected, or the sound rows accepted without the rest."""
        return any(one.severity is Severity.ERROR for one in self.findings)


def examine(unit: Unit, workbook: Workbook, chosen: Mapping[int, Field] | None) -> Checked:
    """Understand a workbook as the roster of `unit` and compare it with what is on record.

    :raise NotARoster: no sheet has a header that names people.
    """
    today = clock.today()
    remembered = queries.remembered_for(unit)
    understanding = understand(workbook, remembered=remembered, chosen=chosen, today=today)
    directory = queries.directory_of(unit)
    groups = people_of(place_rows(understanding.rows, directory))
    digest = lru_cache(maxsize=None)(identity.digest)
    numbers = {row.id_number for row in understanding.rows if row.id_number}
    name_phones = {pair for row in understanding.rows if (pair := row.identifiers[1])}
    register = queries.register_for(unit, [digest(number) for number in sorted(numbers)], sorted(name_phones))
    plan = draft(groups, register, digest=digest, today=today, form_date=understanding.form_date)
    _note_sign_ins(plan)
    findings = worst_first([*understanding.findings, *(one for row in understanding.rows for one in row.findings)])
    return Checked(understanding, findings, plan, directory)


def new_phones(plan: Plan) -> dict[int, tuple[str | None, str | None]]:
    """Old and new number of those whose sign-in name may follow; not of people who belong to others as well."""
    return {
        step.known.id: (step.known.facts.get("phone"), step.facts["phone"])
        for step in plan.changes
        if step.known is not None and "phone" in step.facts and not step.known.elsewhere
    }


def _note_sign_ins(plan: Plan) -> None:
    """Say at the rows concerned which sign-in names will follow a new phone number, and which cannot."""
    following = renaming.find_following(new_phones(plan))
    renamed = {one.person_id for one in following.renamings}
    for step in plan.changes:
        if step.known is None:
            continue
        if step.known.id in following.taken:
            step.row.note(Code.PHONE_TAKEN, Field.PHONE)
        elif step.known.id in renamed:
            step.row.note(Code.SIGN_IN_FOLLOWS, Field.PHONE)
        elif "phone" in step.facts and step.known.elsewhere:
            step.row.note(Code.SIGN_IN_STAYS, Field.PHONE)


def summary_of(checked: Checked) -> dict[str, Any]:
    """What the pages say first: sheet, header rows, columns, counts; JSON."""
    understanding = checked.understanding
    severities = [one.severity for one in checked.findings]
    return {
        "sheet": understanding.sheet,
        "header_rows": list(understanding.header_rows),
        "columns": [
            {"column": one.letters, "header": one.header, "field": one.field.value if one.field else None}
            for one in understanding.columns
        ],
        "missing_fields": [one.value for one in understanding.missing],
        "rows": len(understanding.rows),
        "sound": checked.sound,
        "findings": {severity.value: severities.count(severity) for severity in Severity},
        "plan": checked.plan.counts,
        "left_out": len(checked.plan.left_out),
        "open_posts": checked.plan.open_posts,
        "second_confirmation": checked.plan.needs_second_confirmation,
        "form_date": understanding.form_date.isoformat() if understanding.form_date else None,
    }


def findings_json(checked: Checked) -> list[dict[str, Any]]:
    return [to_json(one) for one in checked.findings]


def details_of(checked: Checked) -> dict[str, Any]:
    """Who is meant by the counts, by name; at most MOST_LISTED of each kind; JSON."""
    plan, place = checked.plan, checked.directory.by_id
    listed: dict[str, list[dict[str, Any]]] = {
        "create": [_new(step) for step in plan.creates[:MOST_LISTED]],
        "change": [
            {"name": step.row.name, "row": step.row.number, "fields": _changed_fields(step)}
            for step in plan.changes[:MOST_LISTED]
        ],
        "appoint": [
            {"name": step.row.name, "row": step.row.number, "unit": new.place.described, "title": new.title}
            for step in plan.steps
            if step.known is not None
            for new in step.opened
        ][:MOST_LISTED],
        "end": [
            {
                "name": ending.known.name,
                "unit": place[ending.post.unit_id].described,
                "title": ending.post.title,
                "last_day": ending.last_day.isoformat(),
                "why": ending.why.value,
            }
            for ending in plan.endings[:MOST_LISTED]
        ],
        "left_out": [{"name": row.name, "row": row.number} for row in plan.left_out[:MOST_LISTED]],
        "missing": [
            {"name": one.known.name, "unit": place[post.unit_id].described, "title": post.title, "person": one.known.id}
            for one in plan.missing
            for post in one.posts
        ][:MOST_LISTED],
    }
    return listed


def _new(step: Step) -> dict[str, Any]:
    units = "、".join(new.place.described for new in step.opened)
    return {"name": step.row.name, "row": step.row.number, "unit": units, "title": step.row.title}


def _changed_fields(step: Step) -> list[str]:
    """Names of the fields that change, never what they say."""
    fields = [*step.facts, *(["id_number"] if step.id_number else []), *(["grade"] if step.reworded else [])]
    return sorted(fields)
