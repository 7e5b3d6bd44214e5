"""From the converter's HTML to blocks: a paragraph, an item of a list, a table, a picture, each with its Markdown.

A block is the smallest thing that is moved from one section to another. Its `plain` lines are what it says without
marks: they are counted against the paragraphs of the file. Pure; runs in the limited child.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lms.drafts.html_tree import Node
from lms.drafts.section_words import count_headed

FOLDER = "files/"
LONGEST_CELL = 300
_MARKS = re.compile(r"([\\`*_\[\]{}~])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|[-+](?=\s)|!!!|:(?=\s)|={3,}$|-{3,}$)")
_NUMBER = re.compile(r"^(\s*\d{1,9})\.(?=\s)")
_WEB = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)
_CAPTION = re.compile(r"^\s*图\s*(?:片\s*)?[\d一二三四五六七八九十]{1,3}")
_TABLE_CAPTION = re.compile(r"^\s*(?:附?表|Table)\s*[\d一二三四五六七八九十]{0,3}", re.IGNORECASE)
_SENTENCE_END = tuple("。；;！!？?，,")
LONGEST_HEADING = 40
#: Everything else stands within a line.
_STANDING = frozenset(
    {"p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th", "div", "blockquote", "dl", "dt", "dd", "root"}
    | {f"h{level}" for level in range(1, 7)}
)


@dataclass
class Block:
    """One thing of the file.

    kind: heading, paragraph, item, table, picture, contents (a line of the table of contents), late (found by
    counting), lost (a picture that stood here), left (what the file also holds).
    """

    kind: str
    markdown: str
    plain: list[str] = field(default_factory=list)
    level: int = 0
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def blocks_of(root: Node) -> tuple[list[Block], dict[str, str]]:
    """The blocks in their order, and the text of footnotes by number."""
    pictures = Counter(map(_picture_of, root.descend("img")))
    notes = _take_notes(root)
    made = list(_blocks(root.children))
    pictures -= Counter((block.kind, block.markdown) for block in made)
    made += [Block(*found) for found in pictures.elements()]  # those of footnotes
    return list(_with_captions(made)), notes


def escaped(text: str) -> str:
    """Words as they stand, whatever they look like in Markdown."""
    return _ENTITY.sub("&amp;", _MARKS.sub(r"\\\1", text))


def line(text: str) -> str:
    """A line of its own that is no heading, list or rule."""
    return _NUMBER.sub(r"\1\\.", _AT_START.sub(r"\1\\\2", text))


def figure(name: str, alt: str, caption: str) -> str:
    """A picture alone in its paragraph."""
    title = f' "{_flat(caption)}"' if caption else ""
    return f"![{escaped(_flat(alt))}]({FOLDER}{name}{title})"


def _flat(text: str) -> str:
    return " ".join(text.replace('"', "”").split())


def _blocks(nodes: Sequence[Node], depth: int = 0) -> Iterator[Block]:
    for node in nodes:
        if re.fullmatch(r"h[1-6]", node.tag):
            yield from _heading(node)
        elif node.tag in ("ul", "ol"):
            yield from _items(node, depth)
        elif node.tag == "table":
            yield from _table(node)
        elif node.tag == "p":
            yield from _paragraph(node)
        elif node.tag not in _STANDING:
            yield from _paragraph(Node("p", children=[node]))
        else:
            yield from _blocks(node.children, depth)


def _heading(node: Node) -> Iterator[Block]:
    level = 0 if node.attributes.get("class") == "title" else int(node.tag[1])
    for words in _lines(node, bold=False):
        yield Block("heading", words.markdown, [words.plain], level, words.notes)
    yield from _pictures(node)


def _paragraph(node: Node) -> Iterator[Block]:
    """A block for each line: on phones and in WPS people end paragraphs with line breaks."""
    whole = _is_bold(node)
    kind = node.attributes.get("class", "")
    is_caption = kind == "caption"
    if is_caption or not _text(node):
        yield from _pictures(node)
    for words in _lines(node, bold=not whole):
        if kind in ("caption", "contents"):
            yield Block(kind, line(words.markdown), [words.plain], notes=words.notes)
        elif whole and len(words.plain) <= LONGEST_HEADING and not words.plain.endswith(_SENTENCE_END):
            yield Block("heading", words.markdown, [words.plain], 3, words.notes)
        else:
            marked = f"**{words.markdown}**" if whole else line(words.markdown)
            yield Block("paragraph", marked, [words.plain], notes=words.notes)
    if not is_caption and _text(node):
        yield from _pictures(node)


def _items(node: Node, depth: int) -> Iterator[Block]:
    number = 0
    for item in node.children:
        if item.tag != "li":
            continue
        number += 1
        mark = f"{number}. " if node.tag == "ol" else "- "
        own = Node("p", children=[child for child in item.children if child.tag not in ("ul", "ol", "table")])
        for place, words in enumerate(_lines(own, bold=True)):
            start = "    " * depth + (mark if not place else " " * len(mark))
            kept = f"{start}{line(words.markdown)}"
            yield Block("item", kept, [words.plain], depth + 1, words.notes)
        yield from _pictures(own)
        yield from _blocks([child for child in item.children if child.tag in ("ul", "ol", "table")], depth + 1)


def _table(node: Node) -> Iterator[Block]:
    """Markdown knows no merged cells: what is merged stands in the first of its places, the others are empty."""
    rows = _grid(node)
    width = max((len(row) for row in rows), default=0)
    cells = [cell for row in rows for cell in row if cell is not None]
    if not any(_text(cell) for cell in cells):
        yield from (block for cell in cells for block in _pictures(cell))
        return
    if width == 2 and count_headed(_text(row[0]) for row in rows if row and row[0] is not None) > 1:
        yield from _form(rows)
        return
    if width < 2 or len(rows) < 2 or any(len(_text(cell)) > LONGEST_CELL for cell in cells):
        # A frame around text, or a form that is filled with long text: its cells are paragraphs, one after another.
        for cell in cells:
            yield from _blocks(cell.children or [])
        return
    notes: list[str] = []
    plain = [entry.plain for cell in cells for entry in _cell_lines(cell)]
    for cell in cells:
        notes += [note for entry in _cell_lines(cell) for note in entry.notes]
    written = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in written]
    lines.insert(1, "|" + " --- |" * width)
    yield Block("table", "\n".join(lines), plain, notes=notes)
    yield from (block for cell in cells for block in _pictures(cell))


def _form(rows: Sequence[Sequence[Node | None]]) -> Iterator[Block]:
    """A form to fill in: what stands at the left is the heading of what stands at the right."""
    for row in rows:
        for place, cell in enumerate(row):
            if cell is None:
                continue
            if place == 0 and len(_text(cell)) <= LONGEST_HEADING:
                yield from (
                    Block("heading", words.markdown, [words.plain], 3, words.notes) for words in _cell_lines(cell)
                )
                yield from _pictures(cell)
            else:
                yield from _blocks(cell.children)


def _grid(table: Node) -> list[list[Node | None]]:
    """The cells in their places; None where another is merged over."""
    rows: list[list[Node | None]] = []
    covered: dict[tuple[int, int], bool] = {}
    for y, row in enumerate(found for found in table.descend("tr", stop="table")):
        line_of_cells: list[Node | None] = []
        for cell in (child for child in row.children if child.tag in ("td", "th")):
            while covered.pop((y, len(line_of_cells)), False):
                line_of_cells.append(None)
            x, across, down = len(line_of_cells), cell.number("colspan"), cell.number("rowspan")
            covered |= {(y + dy, x + dx): True for dy in range(1, down) for dx in range(across)}
            line_of_cells += [cell, *[None] * (across - 1)]
        rows.append(line_of_cells)
    return rows


def _cell(cell: Node | None) -> str:
    if cell is None:
        return ""
    return " ".join(entry.markdown for entry in _cell_lines(cell)).replace("|", "\\|")


def _cell_lines(cell: Node) -> list[Words]:
    """Every line of text in a cell, lists and tables within it included."""
    found: list[Words] = []
    inline: list[Node] = []
    for child in [*cell.children, Node("p")]:
        if child.tag in _STANDING:
            found += _lines(Node("p", children=inline), bold=True)
            inline = []
            found += _cell_lines(child) if child.children else []
        else:
            inline.append(child)
    return found


@dataclass
class Words:
    """A line of text, with marks and without."""

    markdown: str = ""
    plain: str = ""
    notes: list[str] = field(default_factory=list)


def _lines(node: Node, *, bold: bool) -> list[Words]:
    """The lines of a paragraph that hold something."""
    lines = [Words()]
    _write(node, lines, bold)
    for words in lines:
        words.markdown, words.plain = words.markdown.strip(), words.plain.strip()
    return [words for words in lines if words.plain or words.notes]


def _write(node: Node, lines: list[Words], bold: bool) -> None:
    if node.tag == "":
        text = re.sub(r"\s+", " ", node.text)
        lines[-1].markdown += escaped(text)
        lines[-1].plain += text
    elif node.tag == "br":
        lines.append(Words())
    elif node.tag == "input":
        mark = "☑" if "checked" in node.attributes else "☐"
        lines[-1].markdown += mark
        lines[-1].plain += mark
    elif node.tag == "note":
        lines[-1].markdown += f"[^{node.text}]"
        lines[-1].notes.append(node.text)
    elif node.tag in ("strong", "em"):
        _write_marked(node, lines, bold)
    elif node.tag == "a" and _WEB.fullmatch(node.attributes.get("href", "")):
        start = len(lines[-1].markdown)
        _write_all(node, lines, False)
        label = lines[-1].markdown[start:]
        if label.strip():
            lines[-1].markdown = f"{lines[-1].markdown[:start]}[{label}]({node.attributes['href'].replace(')', '%29')})"
    else:
        _write_all(node, lines, bold)


def _write_all(node: Node, lines: list[Words], bold: bool) -> None:
    for child in node.children:
        _write(child, lines, bold)


def _write_marked(node: Node, lines: list[Words], bold: bool) -> None:
    """Bold words; the marks stand at the words, not at the spaces around them."""
    inner = [Words()]
    _write_all(node, inner, False)
    for place, words in enumerate(inner):
        if place:
            lines.append(Words())
        mark = ("**" if node.tag == "strong" else "*") if bold and words.plain.strip() else ""
        text = words.markdown
        body = text.strip()
        lines[-1].markdown += text.replace(body, f"{mark}{body}{mark}", 1) if body else text
        lines[-1].plain += words.plain
        lines[-1].notes += words.notes


def _text(node: Node) -> str:
    return node.text if node.tag == "" else "".join(map(_text, node.children)).strip()


def _is_bold(node: Node) -> bool:
    """Whether all its words are bold: people make headings so."""
    worded = [child for child in node.children if child.tag != "note" and _text(child)]
    return bool(worded) and all(child.tag == "strong" for child in worded)


def _pictures(node: Node) -> Iterator[Block]:
    for image in node.descend("img"):
        alt = image.attributes.get("alt", "")
        kind, name = _picture_of(image)
        yield Block(kind, name, [alt] if kind == "picture" and _is_worded(alt) else [])


def _picture_of(image: Node) -> tuple[str, str]:
    """The kind of block that it becomes, and what it says: its name, or why it is lost."""
    name = image.attributes.get("src", "")
    return ("lost", name.removeprefix("lost:")) if name.startswith("lost:") else ("picture", name)


def _is_worded(alt: str) -> bool:
    """Whether a description was written by a person: programs put names of files and numbers there."""
    return (
        1 < len(alt) <= 60 and not re.fullmatch(r"(?:图片|图像|Picture|Image|IMG)[\s_\-]*\d*", alt) and "." not in alt
    )


def _with_captions(made: Sequence[Block]) -> Iterator[Block]:
    """Pictures in their final form: what is called 图 1 … below a picture is its caption."""
    waiting: Block | None = None
    for block in made:
        is_caption = block.kind == "caption" or (block.kind != "table" and _CAPTION.match(" ".join(block.plain)))
        if waiting is not None:
            is_own = block.kind in ("caption", "paragraph", "heading") and not _TABLE_CAPTION.match(
                "".join(block.plain)
            )
            if is_caption and is_own and not block.notes:
                yield _pictured(waiting, block.plain[0])
                waiting = None
                continue
            yield _pictured(waiting, "")
        waiting = block if block.kind == "picture" else None
        if waiting is None:
            block.kind = "paragraph" if block.kind == "caption" else block.kind
            yield block
    if waiting is not None:
        yield _pictured(waiting, "")


def _pictured(block: Block, caption: str) -> Block:
    alt = block.plain[0] if block.plain else caption
    return Block("picture", figure(block.markdown, alt, caption), [text for text in (caption,) if text])


def _take_notes(root: Node) -> dict[str, str]:
    """Cut the list of footnotes off the end; each reference to one becomes a node of its own."""
    notes: dict[str, str] = {}
    for holder in list(root.descend("ol")):
        for item in holder.children:
            match = re.search(r"((?:foot|end)note)-(\d+)$", item.attributes.get("id", ""))
            if match:
                item.children = [child for child in item.children if not _is_way_back(child)]
                text = " ".join(words.plain for words in _cell_lines(item)).replace("↑", "").strip()
                notes[_note_name(match[1], match[2])] = text
        holder.children = [
            item for item in holder.children if not re.search(r"note-\d+$", item.attributes.get("id", ""))
        ]
    for mark in list(root.descend("sup")):
        for link in mark.descend("a"):
            match = re.search(r"((?:foot|end)note)-(\d+)$", link.attributes.get("href", ""))
            if match:
                mark.tag, mark.text, mark.children = "note", _note_name(match[1], match[2]), []
                break
    return notes


def _is_way_back(node: Node) -> bool:
    return node.tag == "a" and "ref" in node.attributes.get("href", "")


def _note_name(kind: str, number: str) -> str:
    return f"{'e' if kind == 'endnote' else ''}{number}"
