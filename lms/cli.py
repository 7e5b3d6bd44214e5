"""The `lms` command. Its words are a contract: `lms --help` lists them."""

import sys

import click
from sqlalchemy.exc import OperationalError

from lms.accounts import commands as accounts_commands
from lms.app import create_app
from lms.config import Config, ConfigError
from lms.core import commands as core_commands
from lms.core.errors import Refused
from lms.quizzes import commands as quizzes_commands
from lms.units import commands as units_commands


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def lms(context: click.Context) -> None:
    """社区学堂 Community Academy: set it up, load what it teaches, look after it, serve it."""
    if context.invoked_subcommand is not None:
        app = create_app(Config.from_env())
        context.with_resource(app.app_context())


for group in (*core_commands.ALL, units_commands.units, quizzes_commands.questions, accounts_commands.person):
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
