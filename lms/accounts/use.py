"""Whether an account was ever used: what the undo of a roster load asks, and how an unused one goes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select

from lms.accounts.models import Account, AccountDisabling, Activation, SignIn
from lms.core import audit, db
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.people.traces import BATCH, Trace


def find_used(person_ids: Sequence[int], since: datetime | None) -> set[int]:
    """Those of the given people who have activated their account, or signed in; or whose account was disabled."""
    signed_in = select(Account.person_id).join(SignIn, SignIn.account_id == Account.id)
    disabled = select(Account.person_id).join(AccountDisabling, AccountDisabling.account_id == Account.id)
    chosen = select(Account.person_id).where(
        or_(Account.password_hash.is_not(None), Account.password_set_at.is_not(None))
    )
    if since is not None:
        signed_in = signed_in.where(SignIn.started_at >= since)
        disabled = disabled.where(AccountDisabling.disabled_at >= since)
        chosen = select(Account.person_id).where(Account.password_set_at >= since)
    found: set[int] = set()
    for statement in (signed_in, disabled, chosen):
        found |= set(db.session().scalars(statement.where(Account.person_id.in_(person_ids))))
    return found


USED = Trace(_l("账号已经启用或登录过。"), find_used, of_sign_in=True)


def remove_unused(person_ids: Sequence[int], *, actor: Actor, now: datetime) -> int:
    """Remove accounts that nobody ever used, with their one-time codes: their people go too. How many they were.

    One that was activated a moment ago stays, and with it, by the foreign key, its person.
    """
    removed = 0
    for start in range(0, len(person_ids), BATCH):
        some = person_ids[start : start + BATCH]
        unused = Account.person_id.in_(some) & Account.password_hash.is_(None) & Account.password_set_at.is_(None)
        ids = list(db.session().scalars(select(Account.id).where(unused).with_for_update()))
        plainly = {"synchronize_session": False}
        db.session().execute(delete(Activation).where(Activation.account_id.in_(ids)), execution_options=plainly)
        db.session().execute(delete(Account).where(Account.id.in_(ids)), execution_options=plainly)
        removed += len(ids)
    if removed:
        audit.record("accounts.remove_unused", actor=actor, now=now, on=("persons", removed))
    return removed
