"""The `lms` command. Its words are a contract: `lms --help` lists them."""

import sys

import click
from sqlalchemy.exc import OperationalError

from lms.accounts import commands as accounts_commands
from lms.app import create_app
from lms.config import Config, ConfigError
from lms.core import commands as core_commands
from lms.core.errors import Refused
from lms.courses import commands as courses_commands
from lms.demo import commands as demo_commands
from lms.hours import commands as hours_commands
from lms.quizzes import commands as quizzes_commands
from lms.roster import commands as roster_commands
from lms.units import commands as units_commands


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def lms(context: click.Context) -> None:
    """社区学堂 Community Academy: set it up, load what it teaches, look after it, serve it."""
    if context.invoked_subcommand is not None:
        app = create_app(Config.from_env())
        context.with_resource(app.app_context())


GROUPS: tuple[click.Command, ...] = (
    *core_commands.ALL,
    demo_commands.demo,
    units_commands.units,
    accounts_commands.person,
    roster_commands.roster,
    quizzes_commands.questions,
    courses_commands.courses,
    hours_commands.ledger,
    hours_commands.credit,
)
for group in GROUPS:
    lms.add_command(group)


def main() -> None:
    """Run the command; what goes wrong is a sentence and exit code 1, never a traceback."""
    try:
        lms(prog_name="lms", standalone_mode=True)
    except ConfigError as error:
        _fail("Settings that cannot be used:\n  " + "\n  ".join(error.problems))
    except Refused as refusal:
        _fail(str(refusal.message))
    except OperationalError as error:
        _fail(f"The database did not answer: {error.orig}")


def _fail(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(1)
