"""One row of a roster: its cells read by field, compared with each other, blanks filled from above. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lms.core.spreadsheets import Cell, column_letters
from lms.people.models import Gender
from lms.people.posts import PostClass
from lms.roster import cells, id_numbers, months, names
from lms.roster.findings import Code, Finding, Note, Params, Severity
from lms.roster.mapping import Field
from lms.roster.months import Moment

YOUNGEST = 16  # years: the least age of employment (Labor Law, article 15)
LEFT = re.compile(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?[^0-9]*?(?:离|辞|退休|调|去世|病故|解聘|不再)")
SECOND = re.compile(r"兼")
SHORT = {
    Field.POLITICAL_STATUS: 40,
    Field.EDUCATION: 40,
    Field.CERTIFICATE: 40,
    Field.GRADE: 20,
    Field.STREET: 80,
    Field.COMMUNITY: 80,
    Field.UNIT: 80,
    Field.POST: 80,
    Field.REMARK: 200,
    Field.SERIAL: 20,
}


@dataclass(frozen=True)
class Source:
    """What a row must know of its file: which column a field is in, the headers, and the dates to compare with."""

    columns: Mapping[Field | None, int]
    labels: Sequence[str]
    today: date
    form_date: date | None

    def cell(self, row: Sequence[Cell], wanted: Field) -> Cell:
        """The cell of a field; "" where the file has no such column, or the row ends before it."""
        column = self.columns.get(wanted)
        return row[column] if column is not None and column < len(row) else ""

    def label(self, wanted: Field) -> str:
        column = self.columns.get(wanted)
        return self.labels[column] if column is not None and column < len(self.labels) else ""

    def finding(self, code: Code, row: int, wanted: Field | None, params: Params | None = None) -> Finding:
        """A finding at the cell of a field, or at the row as a whole."""
        column = self.columns.get(wanted) if wanted is not None else None
        letters = column_letters(column) if column is not None else ""
        return Finding(code, row, letters, self.label(wanted) if wanted else "", params or {})


@dataclass
class Row:
    """What one row says; `findings` grows while it is compared with the rest.

    :param written_at: number of the row in which the community (or unit) was written, this one or one above.
    """

    number: int
    source: Source
    serial: str = ""
    name: str = ""
    id_number: str | None = None
    gender: Gender | None = None
    birth_month: str | None = None
    phone: str | None = None
    political_status: str | None = None
    education: str | None = None
    certificate: str | None = None
    joined_on: date | None = None
    street: str = ""
    community: str = ""
    unit: str = ""
    written_at: int = 0
    post: PostClass | None = None
    title: str = ""
    grade: str | None = None
    on_duty: bool = True
    left_on: date | None = None
    is_second: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not any(one.severity is Severity.ERROR for one in self.findings)

    @property
    def identifiers(self) -> tuple[str | None, tuple[str, str] | None]:
        """What the person is found by: the identity number, and name with phone number."""
        return self.id_number, (self.name, self.phone) if self.name and self.phone else None

    def note(self, code: Code, wanted: Field | None = None, **params: object) -> None:
        """Put a finding on this row, in the column of a field."""
        self.findings.append(self.source.finding(code, self.number, wanted, params))

    def notes(self, wanted: Field, notes: Sequence[Note]) -> None:
        self.findings.extend(self.source.finding(code, self.number, wanted, params) for code, params in notes)


def read_row(number: int, row: Sequence[Cell], above: Row | None, source: Source) -> Row:
    """The row with everything that its own cells, and those above, say."""
    made = Row(number, source)
    _read_person(made, row)
    _read_work(made, row)
    _read_months(made, row)
    _read_place(made, row, above)
    if not made.id_number and not made.phone and made.is_sound:
        made.note(Code.UNIDENTIFIABLE)
    return made


def _short(made: Row, row: Sequence[Cell], wanted: Field) -> str | None:
    reading = cells.read_short(made.source.cell(row, wanted), SHORT[wanted])
    made.notes(wanted, reading.notes)
    return reading.value


def _read_person(made: Row, row: Sequence[Cell]) -> None:
    """Name, identity number, gender, phone and the facts kept as text."""
    source = made.source
    name = names.read_name(source.cell(row, Field.NAME))
    made.name = name.value
    made.notes(Field.NAME, name.notes)
    number = id_numbers.read_id_number(source.cell(row, Field.ID_NUMBER), source.today)
    made.id_number = number.value
    made.notes(Field.ID_NUMBER, number.notes)
    gender = cells.read_gender(source.cell(row, Field.GENDER))
    made.gender = gender.value
    made.notes(Field.GENDER, gender.notes)
    if made.id_number:
        told = id_numbers.gender(made.id_number)
        if made.gender not in (None, told):
            made.note(Code.GENDER_DIFFERS, Field.GENDER)
        made.gender = made.gender or told
    phone = cells.read_phone(source.cell(row, Field.PHONE))
    made.phone = phone.value
    made.notes(Field.PHONE, phone.notes)
    made.serial = _short(made, row, Field.SERIAL) or ""
    made.political_status = _short(made, row, Field.POLITICAL_STATUS)
    made.education = _short(made, row, Field.EDUCATION)
    made.certificate = _short(made, row, Field.CERTIFICATE)


def _read_work(made: Row, row: Sequence[Cell]) -> None:
    """Post, grade, whether on duty, and what the remark says of leaving or of a second post."""
    source = made.source
    post = cells.read_post(source.cell(row, Field.POST))
    made.post = post.value
    made.notes(Field.POST, post.notes)
    made.title = _short(made, row, Field.POST) or ""
    made.grade = _short(made, row, Field.GRADE)
    duty = cells.read_duty(source.cell(row, Field.ON_DUTY))
    made.on_duty = duty.value
    made.notes(Field.ON_DUTY, duty.notes)
    remark = _short(made, row, Field.REMARK) or ""
    made.is_second = bool(SECOND.search(remark))
    left = LEFT.search(cells.squeezed(remark))
    if not made.on_duty and left:
        try:
            made.left_on = Moment(int(left[1]), int(left[2]), int(left[3]) if left[3] else None).last_day
        except ValueError:
            made.left_on = None


def _read_months(made: Row, row: Sequence[Cell]) -> None:
    """Month of birth, settled by the identity number; day of joining, compared with the form, today and the age."""
    told = id_numbers.birth_month(made.id_number) if made.id_number else None
    made.birth_month = _settled_birth(made, made.source.cell(row, Field.BIRTH_MONTH), told)
    cell = made.source.cell(row, Field.JOINED_ON)
    candidates = months.read_month(cell)
    text = cells.text_of(cell)
    if not text:
        return
    if len(candidates) != 1:
        code = Code.JOINED_AMBIGUOUS if candidates else Code.JOINED_UNREADABLE
        made.note(code, Field.JOINED_ON, text=text[:30])
        return
    joined = candidates[0].first_day
    form = made.source.form_date
    if joined > made.source.today:
        made.note(Code.JOINED_IN_FUTURE, Field.JOINED_ON, date=joined.isoformat())
    elif form is not None and joined > form:
        made.note(Code.JOINED_AFTER_FORM, Field.JOINED_ON, date=joined.isoformat(), form=form.isoformat())
    if made.birth_month and joined.isoformat()[:7] < f"{int(made.birth_month[:4]) + YOUNGEST}{made.birth_month[4:]}":
        made.note(Code.JOINED_YOUNG, Field.JOINED_ON)
    made.joined_on = joined


def _settled_birth(made: Row, cell: Cell, told: str | None) -> str | None:
    """YYYY-MM as the file says; where it leaves a choice, or says nothing, as the identity number does.

    An old number of 15 digits is only believed where the month of birth confirms it.
    """
    candidates = [moment.text for moment in months.read_month(cell)]
    text = cells.text_of(cell)
    was_old = any(one.code is Code.IDENTITY_15 for one in made.findings)
    if was_old and told not in candidates:
        made.note(Code.IDENTITY_15_UNSURE, Field.ID_NUMBER)
    if told in candidates or not text:
        return told
    if not candidates:
        made.note(Code.BIRTH_UNREADABLE, Field.BIRTH_MONTH, text=text[:30])
        return told
    if told is not None:
        made.note(Code.BIRTH_DIFFERS, Field.BIRTH_MONTH, month=" / ".join(candidates), identity=told)
        return candidates[0] if len(candidates) == 1 else told
    if len(candidates) > 1:
        made.note(Code.BIRTH_AMBIGUOUS, Field.BIRTH_MONTH, text=text[:30])
        return None
    return candidates[0]


def _read_place(made: Row, row: Sequence[Cell], above: Row | None) -> None:
    """Street, community and unit as texts; a blank says the same as above.

    A blank community beside a street that differs from the row above is doubtful: it takes what was last written, and
    is remarked upon.
    """
    own_street = _short(made, row, Field.STREET) or ""
    own_place = _short(made, row, Field.COMMUNITY) or ""
    own_unit = _short(made, row, Field.UNIT) or ""
    made.street = own_street or (above.street if above else "")
    made.community, made.unit = own_place, own_unit
    made.written_at = made.number
    if own_place or own_unit or above is None:
        return
    made.community, made.unit, made.written_at = above.community, above.unit, above.written_at
    if (made.community or made.unit) and cells.squeezed(made.street) != cells.squeezed(above.street):
        params = {"row": made.written_at, "text": made.community or made.unit}
        made.note(Code.UNIT_INHERITED_ACROSS, Field.COMMUNITY, **params)
