"""Identity numbers as they stand in files: 18 characters, folded and checked, never repaired. Pure.

A numeric cell keeps 15 to 17 digits, so the last ones of an identity number are gone for good: that is said in words.
Sources: GB 11643-1999 (form, date, sex in the 17th digit, the rule for the old 15 digits); ISO 7064 MOD 11-2.
"""

import re
from datetime import date

from lms.core.spreadsheets import Cell
from lms.people.identity import check_digit
from lms.people.models import Gender
from lms.roster.cells import EXACT, folded, text_of
from lms.roster.findings import Code, Note, Reading

FORM = re.compile(r"\d{17}[\dX]", re.ASCII)
OLD_FORM = re.compile(r"\d{15}", re.ASCII)
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{2}", re.ASCII)
OLDEST = date(1900, 1, 1)


def read_id_number(cell: Cell, today: date) -> Reading[str | None]:
    """The number, or None with the reason why it is not one."""
    if isinstance(cell, float) and abs(cell) >= EXACT:
        return Reading(None, ((Code.IDENTITY_NUMERIC, {}),))
    written = text_of(cell)
    number = re.sub(r"[\s']", "", folded(cell)).upper()
    if not number:
        return Reading(None, ((Code.IDENTITY_MISSING, {}),))
    if SCIENTIFIC.fullmatch(number):
        return Reading(None, ((Code.IDENTITY_NUMERIC, {}),))
    notes: tuple[Note, ...] = () if number == written else ((Code.IDENTITY_FOLDED, {}),)
    if OLD_FORM.fullmatch(number):
        number = lengthened(number)
        notes = (*notes, (Code.IDENTITY_15, {}))
    fault = fault_of(number, today)
    return Reading(None, (fault,)) if fault else Reading(number, notes)


def fault_of(number: str, today: date) -> Note | None:
    """Why these characters are not the identity number of somebody alive today, or None."""
    if not FORM.fullmatch(number):
        return Code.IDENTITY_MALFORMED, {"length": len(number)}
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Code.IDENTITY_DATE, {}
    if not OLDEST <= born <= today:
        return Code.IDENTITY_DATE, {}
    return None if check_digit(number[:17]) == number[17] else (Code.IDENTITY_CHECK_DIGIT, {})


def lengthened(old: str) -> str:
    """An old number of 15 digits as the standard makes 18 of it: the century 19 goes in, the check digit behind."""
    body = old[:6] + "19" + old[6:]
    return body + check_digit(body)


def birth_month(number: str) -> str:
    """YYYY-MM."""
    return f"{number[6:10]}-{number[10:12]}"


def gender(number: str) -> Gender:
    """The 17th digit is odd for men."""
    return Gender.MALE if int(number[16]) % 2 else Gender.FEMALE
