"""The house rules that no ready-made linter knows. Each says why, because a rule that explains itself is kept.

A rule is a function over one parsed file (or over a template's text) that yields (line, what was found).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FUNCTION_BUDGET = 50
VIEW_BUDGET = 25
FILE_BUDGET = 400
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc"}
TRANSLATORS = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "pgettext", "lazy_pgettext"}
CHINESE = re.compile("[\u3400-\u9fff]")
# Rooms whose strings reach a reader. Pure logic may hold Chinese words to compare with, such as a roster's headers.
SPEAKING_ROOMS = {"views.py", "forms.py", "actions.py", "access.py", "commands.py", "cli.py", "errors.py"}

RECORDING = {"audit.record", "steps.record"}

Found = tuple[int, str]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A file of ours: its path from the root of the clone, and its text."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in self.nodes if isinstance(node, Function)]


def name_of(node: ast.AST) -> str:
    """The last part of a dotted name: `commit` of `session.commit`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def length_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def commits(source: Source) -> Iterator[Found]:
    """Only the unit of work commits: returning keeps all of a request's writes, raising keeps none."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "commit()"


def hidden_imports(source: Source) -> Iterator[Found]:
    """An import inside a function hides a dependency: if it breaks a cycle, the cycle is what to mend."""
    for function in source.functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield node.lineno, f"import inside {function.name}()"


def long_functions(source: Source) -> Iterator[Found]:
    """A function that fits on a screen can be checked by reading it: give its steps names."""
    for function in source.functions:
        if length_of(function) > FUNCTION_BUDGET:
            yield function.lineno, f"{function.name}() has {length_of(function)} lines, {FUNCTION_BUDGET} at most"


def is_view(function: Function) -> bool:
    """Whether it declares who may call it: that is what makes a function a view."""
    return any(name_of(getattr(mark, "func", mark)) == "allow" for mark in function.decorator_list)


def long_views(source: Source) -> Iterator[Found]:
    """A view loads, asks a form, calls an action, answers: what is more belongs to queries, forms or actions."""
    for function in source.functions:
        if is_view(function) and length_of(function) > VIEW_BUDGET:
            yield function.lineno, f"{function.name}() has {length_of(function)} lines, {VIEW_BUDGET} at most"


def long_files(source: Source) -> Iterator[Found]:
    """A file is about one thing: split it along a seam that a user would name."""
    lines = source.text.count("\n")
    if lines > FILE_BUDGET:
        yield lines, f"{lines} lines, {FILE_BUDGET} at most"


def vague_names(source: Source) -> Iterator[Found]:
    """A name such as utils says nothing, so everything ends up there: name the file after what it does."""
    for part in source.path.with_suffix("").parts:
        if part.lower() in VAGUE_NAMES:
            yield 1, f"the name {part!r}"


def views_that_query(source: Source) -> Iterator[Found]:
    """Loading is the permission check, and it lives in access and queries: a view that queries can go around it."""
    if "core" in source.path.parts or not any(map(is_view, source.functions)):
        return
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy":
            yield node.lineno, f"import from {node.module}"
        elif isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "sqlalchemy" for alias in node.names):
            yield node.lineno, "import of sqlalchemy"
        elif isinstance(node, ast.Call) and name_of(node.func) in {"session", "select", "unit_of_work"}:
            yield node.lineno, f"{name_of(node.func)}()"


def is_action(function: ast.AST) -> bool:
    """Whether it leaves a row in the audit trail: whatever its file is called, that is what makes it an action."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(
        name_of(call) == "_record" or ast.unparse(call) in RECORDING for call in calls if "record" in name_of(call)
    )


def actions_without_actor(source: Source) -> Iterator[Found]:
    """An action says by name who acts and when: neither is guessed, so that a test or a job can say both."""
    if "core" in source.path.parts:
        return
    for function in source.tree.body:
        if not isinstance(function, Function) or function.name.startswith("_"):
            continue
        if source.path.name == "actions.py" or is_action(function):
            missing = {"actor", "now"} - {argument.arg for argument in function.args.kwonlyargs}
            if missing:
                yield function.lineno, f"{function.name}() lacks keyword-only {' and '.join(sorted(missing))}"


def untranslated_strings(source: Source) -> Iterator[Found]:
    """What a reader sees exists in both languages: wrap it in _() or _l(), and give its English in the module's .po."""
    speaks = source.path.name in SPEAKING_ROOMS or any(is_view(one) or is_action(one) for one in source.functions)
    if not speaks:
        return
    wrapped = {
        id(inner)
        for call in source.nodes
        if isinstance(call, ast.Call) and name_of(call.func) in TRANSLATORS
        for inner in ast.walk(call)
    }
    documentation = {id(node.value) for node in source.nodes if isinstance(node, ast.Expr)}
    for node in source.nodes:
        if id(node) in wrapped or id(node) in documentation:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
            yield node.lineno, f"{node.value[:30]!r}"


def computed_messages(source: Source) -> Iterator[Found]:
    """A message is looked up by its text, so the text is fixed: give what varies as named values, _("…", name=name)."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and name_of(node.func) in TRANSLATORS and node.args:
            if isinstance(node.args[0], ast.JoinedStr | ast.BinOp | ast.Call):
                yield node.lineno, ast.unparse(node)[:60]


def unfinished_words(source: Source) -> Iterator[Found]:
    """Unfinished work is an issue, not a comment that nobody counts."""
    words = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    for number, line in enumerate(source.text.splitlines(), 1):
        if words.search(line):
            yield number, line.strip()


def skipped_tests(source: Source) -> Iterator[Found]:
    """What cannot run fails: a skipped test is a promise that nobody keeps."""
    for node in source.nodes:
        if not isinstance(node, ast.Attribute) or name_of(node.value) not in {"pytest", "mark"}:
            continue
        if node.attr in {"skip", "skipif", "xfail", "importorskip"}:
            yield node.lineno, f"pytest {node.attr}"


def sleeping_tests(source: Source) -> Iterator[Found]:
    """A test that sleeps is slow where it passes and fails where the machine is slow: wait for what you expect."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and name_of(node.func) in {"sleep", "wait_for_timeout"}:
            yield node.lineno, f"{name_of(node.func)}()"


CODE_RULES: tuple[Callable[[Source], Iterator[Found]], ...] = (
    hidden_imports,
    long_functions,
    long_views,
    long_files,
    vague_names,
    views_that_query,
    actions_without_actor,
    untranslated_strings,
    computed_messages,
    unfinished_words,
)
TEST_RULES = (hidden_imports, unfinished_words, skipped_tests, sleeping_tests, vague_names)

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
INLINE = re.compile(r"""<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']""", re.IGNORECASE)
ABSOLUTE = re.compile(r"""(?:src|href|action)=["']/(?!/)""")
OUTSIDE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def blanked(text: str) -> str:
    """The template without what Jinja computes, every line still in its place."""
    return JINJA.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def untranslated_text(source: Source) -> Iterator[Found]:
    """A page exists in both languages: wrap its text in _() and give its English in the module's .po."""
    bare = blanked(source.text)
    for match in re.finditer(f'[^\n<>"]*{CHINESE.pattern}[^\n<>"]*', bare):
        yield line_of(bare, match.start()), match[0].strip()[:40]


def inline_code(source: Source) -> Iterator[Found]:
    """The content policy blocks inline scripts and styles: behavior goes to static/js, looks to static/css."""
    bare = blanked(source.text)
    for match in INLINE.finditer(bare):
        yield line_of(bare, match.start()), match[0].strip()


def written_addresses(source: Source) -> Iterator[Found]:
    """Templates link by url_for, so that a site below a prefix works and nothing calls outside."""
    bare = blanked(source.text)
    for pattern in (ABSOLUTE, OUTSIDE):
        for match in pattern.finditer(bare):
            yield line_of(bare, match.start()), match[0]


TEMPLATE_RULES = (untranslated_text, inline_code, written_addresses, unfinished_words)
