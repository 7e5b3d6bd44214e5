"""The learning file as a download: the same sections as the page, as a workbook or as JSON; and who took it."""

import json
from datetime import datetime

from lms.core import audit, clock
from lms.core.spreadsheets import Table, write_xlsx
from lms.core.web import Actor
from lms.people.models import Person
from lms.records.sections import Part, cell, json_value


def workbook(parts: list[Part]) -> bytes:
    """A sheet for each section."""
    tables = [
        Table(
            str(part.label),
            [str(label) for _name, label in part.columns],
            [[cell(v) for v in row] for row in part.rows],
        )
        for part in parts
    ]
    return write_xlsx(tables)


def document(person: Person, parts: list[Part], *, now: datetime) -> bytes:
    """Everything by section and by column, readable by people and machines."""
    sections = {
        part.key: [
            {name: json_value(value) for (name, _label), value in zip(part.columns, row, strict=True)}
            for row in part.rows
        ]
        for part in parts
    }
    made_at = clock.local(now).isoformat(timespec="seconds")
    whole = {"format": "lms-learning-file", "version": 1, "person": person.id, "made_at": made_at, "sections": sections}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def record_export(person: Person, form: str, *, actor: Actor, now: datetime) -> None:
    """Remember which administrator took somebody's file away."""
    on, detail = ("person", person.id), {"form": form}
    audit.record("records.export_file", actor=actor, now=now, on=on, person_id=person.id, detail=detail)
