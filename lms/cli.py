"""The `lms` command. Its words are a contract: `lms --help` lists them."""

from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from lms.accounts import commands as accounts_commands
from lms.app import create_app
from lms.cases import commands as cases_commands
from lms.config import Config, ConfigError
from lms.core import commands as core_commands
from lms.core import safekeeping
from lms.core.commands import tables_differ
from lms.core.errors import BadInput, Refused
from lms.core.i18n import gettext as _
from lms.courses import commands as courses_commands
from lms.coverage import commands as coverage_commands
from lms.demo import commands as demo_commands
from lms.hours import commands as hours_commands
from lms.notices import commands as notices_commands
from lms.pairing import commands as pairing_commands
from lms.policies import commands as policies_commands
from lms.quizzes import commands as quizzes_commands
from lms.roster import commands as roster_commands
from lms.units import commands as units_commands

#: PostgreSQL's codes of a table and of a column that is not there.
NO_SUCH_TABLE = frozenset({"42P01", "42703"})


class Sentence(click.ClickException):
    """What goes wrong is a sentence and exit code 1, never a traceback."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=True)


class Speaking(click.Group):
    """A group whose commands may refuse: the sentence is made while the application's language is still known."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            raise Sentence("Settings that cannot be used:\n  " + "\n  ".join(error.problems)) from error
        except (Refused, BadInput) as refusal:
            raise Sentence(str(refusal.message)) from refusal
        except (OperationalError, ProgrammingError) as error:
            raise Sentence(_what_the_database_said(error)) from error


def _what_the_database_said(error: OperationalError | ProgrammingError) -> str:
    """Missing tables and missing rights are what an installation that has only begun runs into."""
    reason = str(error.orig).strip()
    if getattr(error.orig, "sqlstate", None) in NO_SUCH_TABLE or reason.startswith(("no such table", "no such column")):
        return tables_differ()
    if isinstance(error, ProgrammingError):
        return _("数据库拒绝了这项操作：%(reason)s", reason=reason.splitlines()[0])
    return _("数据库没有应答：%(reason)s", reason=reason)


@click.group(cls=Speaking, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def lms(context: click.Context) -> None:
    """社区学堂 Community Academy: set it up, load what it teaches, look after it, serve it."""
    if context.invoked_subcommand is not None:
        app = create_app(Config.from_env())
        context.call_on_close(app.extensions["database"].engine.dispose)
        context.with_resource(app.app_context())


GROUPS: tuple[click.Command, ...] = (
    *core_commands.ALL,
    *safekeeping.ALL,
    demo_commands.demo,
    units_commands.units,
    accounts_commands.person,
    roster_commands.roster,
    quizzes_commands.questions,
    cases_commands.cases,
    courses_commands.courses,
    hours_commands.ledger,
    hours_commands.credit,
    policies_commands.policies,
    notices_commands.jobs,
    coverage_commands.coverage,
    pairing_commands.pairing,
)
for group in GROUPS:
    lms.add_command(group)


def main() -> None:
    lms(prog_name="lms")
