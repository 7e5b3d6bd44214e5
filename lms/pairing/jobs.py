"""The periodic work: solve the rounds that are too large to be solved while somebody waits."""

from lms.core.db import Database
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.jobs import Job
from lms.core.web import Actor
from lms.pairing import rounds


def run(database: Database, actor: Actor) -> LazyString | None:
    """Solve every round that waits, one after another."""
    solved = sum(rounds.run(database, round_id, actor=actor) for round_id in rounds.list_queued(database))
    return _l("结对方案：算好 %(solved)s 个。", solved=solved) if solved else None


JOB = Job("pairing", run)
