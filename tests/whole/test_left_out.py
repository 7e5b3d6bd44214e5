"""What the house leaves out on purpose, because it would have to be defended: held by looking at all of the code."""

from __future__ import annotations

import ast

import pytest
from flask import Flask
from wtforms import URLField

from tests.whole import fields
from tests.whole.rules import Source, name_of
from tests.whole.test_house_rules import code

#: Modules that speak to other machines.
SPEAKING = {
    "socket",
    "http",
    "urllib.request",
    "smtplib",
    "ftplib",
    "imaplib",
    "telnetlib",
    "requests",
    "httpx",
    "aiohttp",
}
#: Who may: channels, to hosts that the configuration names; and the server, which listens.
MAY_SPEAK = ("lms/notices/channels/", "lms/core/answering.py", "lms/core/workers.py", "lms/core/commands.py")
UNPACKING = {"extractall", "unpack_archive"}
UNSAFE = {"eval", "exec", "render_template_string", "from_string", "Unpickler"}
#: Formats and doors that other platforms have.
ABSENT = ("scorm", "qti", "lti", "xapi", "fetch", "proxy", "import_url", "webhook", "oembed", "chunk", "graphql")


def imported(source: Source) -> set[str]:
    found = {node.module or "" for node in source.nodes if isinstance(node, ast.ImportFrom)}
    return found | {alias.name for node in source.nodes if isinstance(node, ast.Import) for alias in node.names}


def called(source: Source, names: set[str]) -> list[str]:
    calls = [node for node in source.nodes if isinstance(node, ast.Call)]
    return [f"{source.path}:{call.lineno}" for call in calls if name_of(call.func) in names]


def test_only_channels_speak_to_other_machines() -> None:
    others = [source for source in code() if not str(source.path).startswith(MAY_SPEAK)]
    speaking = {
        f"{source.path}: {name}"
        for source in others
        for name in imported(source)
        if name in SPEAKING or name.partition(".")[0] in SPEAKING
    }
    assert not speaking


@pytest.mark.parametrize("names", [UNPACKING, UNSAFE], ids=["unpacks onto the disk", "runs what it is given"])
def test_nothing(names: set[str]) -> None:
    assert not [place for source in code() for place in called(source, names)]


def test_no_form_asks_for_an_address_to_fetch() -> None:
    asking = [
        f"{form.__name__}.{name}"
        for form in fields.forms()
        for name in dir(form)
        if fields.is_a(getattr(form, name), URLField)
    ]
    assert not asking


def test_packages_and_doors_of_other_platforms_do_not_exist(app: Flask) -> None:
    words = {
        part
        for rule in app.url_map.iter_rules()
        for part in f"{rule.endpoint}/{rule.rule}".lower().replace(".", "/").split("/")
    }
    assert not words & set(ABSENT)
