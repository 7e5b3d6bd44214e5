"""`lms ledger` proves the books; `lms credit` adopts the rules by which training becomes hours."""

import sys

import click

from lms.core.commands import in_unit_of_work
from lms.core.i18n import gettext as _
from lms.hours import actions, rules, verification
from lms.hours.models import CreditRule
from lms.units import rule_commands


@click.group()
def ledger() -> None:
    """The ledger of training hours."""


@ledger.command()
@in_unit_of_work
def verify() -> None:
    """Prove that balances equal the ledger and that every invariant holds; name what breaks them and exit with 1."""
    breaches = verification.verify()
    entries, balances = verification.count()
    for breach in breaches:
        click.echo(str(breach), err=True)
    if breaches:
        click.echo(_("台账有 %(count)s 处不符。", count=len(breaches)), err=True)
        sys.exit(1)
    click.echo(_("台账无误：%(entries)s 条记录，%(balances)s 个年度余额。", entries=entries, balances=balances))


@click.group()
def credit() -> None:
    """How completed training becomes hours: versioned rules with their source."""


rule_commands.add_to(credit, CreditRule, shipped=rules.SHIPPED, read=rules.read, adopt=actions.adopt_rule)
