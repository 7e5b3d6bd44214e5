"""The converter's HTML as a small tree. Pure; runs in the limited child."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_ALONE = frozenset({"br", "img", "input"})
MOST_DEEP = 60


@dataclass(eq=False)
class Node:
    """An element, or text: then its tag is empty."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def descend(self, tag: str, stop: str = "") -> Iterator[Node]:
        """Every element of this name below, in order; not inside a `stop`."""
        for child in self.children:
            if child.tag == tag:
                yield child
            if child.tag != stop:
                yield from child.descend(tag, stop)

    def number(self, name: str) -> int:
        """A span: 1 where none is given, and no more than a page can hold."""
        given = self.attributes.get(name, "1")
        return min(int(given), 60) if given.isdigit() and int(given) else 1


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _ALONE and len(self.open) < MOST_DEEP:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Node("", text=data))


def parse(html: str) -> Node:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
