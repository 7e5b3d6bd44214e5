"""Parked forms 暂存的表单: what somebody sent after their sign-in had ended is not lost.

Only the owner of the sign-in that the cookie names gets it back, reads what was typed, and sends it
again with one button. Nothing is sent on its own: whoever had a copy of the old cookie cannot act.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from lms.accounts import sign_in
from lms.accounts.models import EndedWhy, ParkedForm, SignIn
from lms.accounts.next_path import LONGEST, is_local
from lms.accounts.queries import find_disabling
from lms.core import db

KEPT = timedelta(days=1)
AFTER_END = timedelta(days=7)  # a cookie that has been dead for longer parks nothing
LARGEST = 64 * 1024  # characters of all names and texts together
MOST_FIELDS = 300
MOST_FORMS = 5  # waiting for one account
NOT_PARKED = re.compile(r"csrf_token|password|passwd|secret|id_number", re.IGNORECASE)
#: Whoever signed out, was disabled, or had their browser signed out by the owner is not waiting for a form.
NOT_AFTER = frozenset({EndedWhy.SIGNED_OUT, EndedWhy.DISABLED, EndedWhy.ENDED_BY_OWNER})


def park(
    row: SignIn | None, path: str, fields: Sequence[tuple[str, str]], files: Iterable[str], *, now: datetime
) -> ParkedForm | None:
    """Keep a form for the account of a sign-in that is over; None where that is not wanted or it is too large.

    :param fields: names and texts as they were sent; those that look like secrets are left out.
    :param files: names of file fields: their content is not kept, and the page says so.
    """
    if row is None or not _may_wait(row, now=now):
        return None
    if len(fields) > MOST_FIELDS or len(path) > LONGEST or not is_local(path.partition("?")[0]):
        return None
    kept = [[name, text] for name, text in fields if not NOT_PARKED.search(name)]
    if sum(len(name) + len(text) for name, text in kept) > LARGEST or any("\x00" in text for _, text in kept):
        return None
    left_out = [name for name, _ in fields if NOT_PARKED.search(name) and name != "csrf_token"] + list(files)
    parked = ParkedForm(
        account_id=row.account_id,
        path=path,
        fields=kept,
        left_out=sorted(set(left_out)),
        created_at=now,
        expires_at=now + KEPT,
    )
    db.session().add(parked)
    db.session().flush()  # the session remembers its identifier
    return parked


def discard(parked: ParkedForm) -> None:
    db.session().delete(parked)


def sweep(*, now: datetime) -> None:
    """Delete what nobody came back for."""
    db.session().execute(delete(ParkedForm).where(ParkedForm.expires_at <= now))


def _may_wait(row: SignIn, *, now: datetime) -> bool:
    over = row.ended_at or row.seen_at + sign_in.lifetime()
    if row.ended_why in NOT_AFTER or over < now - AFTER_END or find_disabling(row.account_id) is not None:
        return False
    waiting = select(func.count(ParkedForm.id)).where(ParkedForm.account_id == row.account_id)
    return (db.session().scalar(waiting.where(ParkedForm.expires_at > now)) or 0) < MOST_FORMS
