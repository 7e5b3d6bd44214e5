"""`lms pairing`: the rounds that are too large to be solved while somebody waits, and the rule of mentorship."""

import click
from flask import current_app

from lms.core.i18n import gettext as _
from lms.core.web import system_actor
from lms.mentors import actions, rules
from lms.mentors.models import MentoringRule
from lms.pairing import rounds
from lms.units import rule_commands


@click.group()
def pairing() -> None:
    """Proposals of pairs, and the rule of mentorship."""


@pairing.command()
@click.argument("round_id", type=click.IntRange(1), required=False)
def solve(round_id: int | None) -> None:
    """Solve ROUND_ID, or every round that waits; safe at any time."""
    database, actor = current_app.extensions["database"], system_actor("lms pairing solve")
    for one in [round_id] if round_id else rounds.list_queued(database):
        done = rounds.run(database, one, actor=actor)
        click.echo(_("方案 %(number)s 已算好。", number=one) if done else _("方案 %(number)s 没有算成。", number=one))


rule_commands.add_to(pairing, MentoringRule, shipped=rules.SHIPPED, read=rules.read, adopt=actions.adopt_rule)
