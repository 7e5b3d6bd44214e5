"""Reading a page as a person does: the rows of its table, the words and the addresses in them."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import openpyxl
from flask.testing import FlaskClient


@dataclass(frozen=True)
class Cell:
    text: str
    href: str


def rows_of(page: str) -> dict[str, list[Cell]]:
    """The rows of the page's table by their headings, the total among them."""
    document = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    rows = {}
    for row in document.iter("tr"):
        head = row.find("th[@scope='row']")
        if head is not None:
            rows[_cell(head).text] = [_cell(cell) for cell in row]
    return rows


def headings_of(page: str) -> list[str]:
    """The headings of the rows, in order."""
    document = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    return [_cell(head).text for head in document.findall(".//tr/th[@scope='row']")]


def _cell(element: Element) -> Cell:
    link = element.find(".//a")
    return Cell(" ".join("".join(element.itertext()).split()), "" if link is None else link.get("href", ""))


def table_of(client: FlaskClient, address: str) -> dict[str, list[Cell]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return rows_of(answer.get_data(as_text=True))


def names_behind(client: FlaskClient, address: str) -> list[str]:
    """Every name of a list, page after page."""
    names: list[str] = []
    following: str | None = address
    while following:
        page = client.get(following).get_data(as_text=True)
        names += headings_of(page)
        document = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
        link = document.find(".//a[@rel='next']")
        following = None if link is None else link.get("href")
    return names


def sheet_of(client: FlaskClient, address: str) -> list[list[Any]]:
    """The cells of an exported workbook."""
    answer = client.post(address)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(BytesIO(answer.data))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
