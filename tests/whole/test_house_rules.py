"""The rules of the house, held by a test: see tests/whole/rules.py for what each one is for."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from lms.core.db import Base
from tests.whole import rules
from tests.whole.rules import Found, Source

ROOT = Path(__file__).parents[2]
Rule = Callable[[Source], Iterator[Found]]

REGISTRIES = (
    "registry." + "npmjs",
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "mirror",
    "mirrors" + ".",
    "tuna." + "tsinghua",
)
MACHINE_PATHS = re.compile(r"(?<![\w.~$}/-])/(?:" + "|".join(("work", "farm", "root", "tmp")) + r")/\w")
# What a person wrote in Markdown may speak of such things; what a machine reads may not depend on them.
TEXT_SUFFIXES = {
    ".py",
    ".toml",
    ".txt",
    ".json",
    ".mjs",
    ".js",
    ".css",
    ".html",
    ".po",
    ".md",
    ".yml",
    ".ini",
    ".in",
    "",
}


@lru_cache(maxsize=1)
def tracked() -> list[Path]:
    """What git keeps or would keep: a file that is new today counts today."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


@lru_cache(maxsize=3)
def sources(folder: str, suffix: str) -> list[Source]:
    paths = [path for path in tracked() if path.parts[0] == folder and path.suffix == suffix]
    return [Source(path, (ROOT / path).read_text(encoding="utf-8")) for path in paths]


def code() -> list[Source]:
    """Our Python; a migration is a record of one day, and keeps its shape."""
    return [source for source in sources("lms", ".py") if "versions" not in source.path.parts]


def offences(rule: Rule, files: list[Source]) -> list[str]:
    return [f"{source.path}:{line}: {found}" for source in files for line, found in rule(source)]


def taught(rule: Rule, found: list[str]) -> str:
    return "\n".join([inspect.getdoc(rule) or "", *found])


def test_there_is_one_commit():
    found = offences(rules.commits, [source for source in code() if "migrations" not in source.path.parts])

    assert len(found) == 1, taught(rules.commits, found)
    assert found[0].startswith("lms/core/db.py"), taught(rules.commits, found)


@pytest.mark.parametrize("rule", rules.CODE_RULES, ids=lambda rule: rule.__name__)
def test_code(rule):
    found = offences(rule, code())

    assert not found, taught(rule, found)


@pytest.mark.parametrize("rule", rules.TEST_RULES, ids=lambda rule: rule.__name__)
def test_tests(rule):
    found = offences(rule, sources("tests", ".py"))

    assert not found, taught(rule, found)


@pytest.mark.parametrize("rule", rules.TEMPLATE_RULES, ids=lambda rule: rule.__name__)
def test_templates(rule):
    found = offences(rule, sources("lms", ".html"))

    assert not found, taught(rule, found)


def test_every_table_and_column_is_explained():
    importlib.import_module("lms.migrations.models")
    silent = [table.name for table in Base.metadata.tables.values() if not table.comment]
    silent += [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if not column.comment
    ]

    assert Base.metadata.tables
    assert not silent, f"An auditor reads the database without us: give a comment to {', '.join(silent)}"


def test_no_file_depends_on_one_machine_or_one_registry():
    found = []
    for path in tracked():
        if path.suffix not in TEXT_SUFFIXES:
            continue
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1):
            if MACHINE_PATHS.search(line) or any(host in line for host in REGISTRIES):
                found.append(f"{path}:{number}: {line.strip()[:100]}")

    assert not found, "\n".join(["The project is built from any mirror, in any folder: name neither.", *found])


def test_what_is_built_is_not_committed():
    built = [path for path in tracked() if {"dist", "node_modules"} & set(path.parts) or path.suffix == ".mo"]

    assert not built, f"What `make` can build is not kept beside its source: {built}"


BAD_PYTHON = [
    (rules.commits, "lms/units/actions.py", "session.commit()"),
    (rules.hidden_imports, "lms/units/actions.py", "def add():\n    import os"),
    (rules.long_functions, "lms/units/tree.py", "def add():\n" + "    pass\n" * 50),
    (rules.long_views, "lms/units/views.py", "@allow(anyone)\ndef show():\n" + "    pass\n" * 25),
    (rules.long_files, "lms/units/tree.py", "pass\n" * 401),
    (rules.vague_names, "lms/units/utils.py", ""),
    (rules.views_that_query, "lms/units/views.py", "import sqlalchemy\n@allow(anyone)\ndef show(): ..."),
    (rules.views_that_query, "lms/units/views.py", "@allow(anyone)\ndef show():\n    db.session()"),
    (rules.actions_without_actor, "lms/units/actions.py", "def rename(unit, actor, *, now): ..."),
    (rules.actions_without_actor, "lms/units/merging.py", "def merge(unit, *, now):\n    audit.record('units.merge')"),
    (rules.untranslated_strings, "lms/units/forms.py", "StringField('名称')"),
    (rules.untranslated_strings, "lms/units/tree_views.py", "@allow(anyone)\ndef show():\n    flash_done('已保存')"),
    (rules.computed_messages, "lms/units/actions.py", "raise Refused(_(f'{name}已停用'))"),
    (rules.computed_messages, "lms/units/actions.py", "raise Refused(_('%s已停用' % name))"),
    (rules.skipped_tests, "tests/units/test_tree.py", "@pytest.mark." + "skip\ndef test_it(): ..."),
    (rules.sleeping_tests, "tests/units/test_tree.py", "time.sleep(1)"),
    (rules.untranslated_text, "lms/units/templates/units/show.html", "<p>{{ unit.name }}</p>\n<p>没有社区</p>"),
    (rules.inline_code, "lms/units/templates/units/show.html", '<p style="color: red">{{ unit.name }}</p>'),
    (rules.inline_code, "lms/units/templates/units/show.html", "<script>alert(1)</script>"),
    (rules.written_addresses, "lms/units/templates/units/show.html", '<a href="/units/">'),
]


@pytest.mark.parametrize(("rule", "path", "text"), BAD_PYTHON)
def test_a_rule_finds_what_it_looks_for(rule, path, text):
    assert list(rule(Source(Path(path), text)))


GOOD = [
    (rules.long_views, "lms/units/views.py", "@allow(anyone)\ndef show():\n" + "    pass\n" * 24),
    (rules.actions_without_actor, "lms/units/actions.py", "def rename(unit, *, actor, now): ...\ndef _check(): ..."),
    (rules.actions_without_actor, "lms/units/tree.py", "def walk(unit): ..."),
    (rules.untranslated_strings, "lms/units/forms.py", "'''单位的表单'''\nStringField(_l('名称'))"),
    (rules.untranslated_text, "lms/units/templates/units/show.html", "{# 说明 #}<p>{{ _('没有社区') }}</p>"),
    (rules.inline_code, "lms/units/templates/units/show.html", '<script type="module" src="{{ asset(\'app.js\') }}">'),
]


@pytest.mark.parametrize(("rule", "path", "text"), GOOD)
def test_a_rule_leaves_good_work_alone(rule, path, text):
    assert not list(rule(Source(Path(path), text)))
