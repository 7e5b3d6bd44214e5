"""Media: typed by content, and nothing active, damaged or indiscreet among them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from lms.courses.faults import FaultLog
from lms.courses.folder import read_course
from lms.courses.media import read_media
from tests.courses.folders import DRAWING, change, jpeg, only_fault, png, put, tiff_with_location


def codes(name: str, data: bytes) -> list[str]:
    log = FaultLog(name)
    found = read_media(name, data, log)
    assert (found is None) == bool(log.faults)
    assert all(fault.message for fault in log.faults)
    return [fault.code for fault in log.faults]


def office(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", png()),
        ("a.jpg", jpeg()),
        ("a.jpeg", jpeg(b"II*\0\x08\0\0\0\0\0")),
        ("a.gif", b"GIF89a\2\0\2\0\0\0\0;"),
        ("a.webp", b"RIFF\x1e\0\0\0WEBPVP8X" + b"\x0a\0\0\0" + b"\0" * 4 + b"\1\0\0\1\0\0" + b"\0" * 8),
        ("a.svg", DRAWING),
        ("a.svg", b'<?xml version="1.0" encoding="UTF-8"?>\n' + DRAWING),
        ("a.pdf", b"%PDF-1.4\n...\n%%EOF\n"),
        ("a.docx", office("[Content_Types].xml", "word/document.xml")),
        ("a.xlsx", office("[Content_Types].xml", "xl/workbook.xml")),
        ("a.pptx", office("[Content_Types].xml", "ppt/presentation.xml")),
        ("a.md", "# 表\n".encode()),
        ("a.txt", "文字".encode()),
        ("a.csv", "姓名,电话\n".encode()),
        ("表格.md", b"x"),
    ],
)
def test_what_a_course_may_carry(name: str, data: bytes) -> None:
    assert codes(name, data) == []


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.png", b"", "empty_media"),
        ("a.png", jpeg(), "wrong_extension"),
        ("a.jpg", b"<html><script>alert(1)</script>", "media_type"),
        ("a.md", b"<!DOCTYPE html><p>", "media_type"),
        ("a.txt", b"\xef\xbb\xbf  <script>alert(1)</script>", "media_type"),
        ("a.md", b"#!/bin/sh\n", "media_type"),
        ("a.txt", b"a\0b", "media_type"),
        ("a.txt", "居民".encode("gb18030"), "media_type"),
        ("a.exe", b"MZ\x90\0\3", "media_type"),
        ("a.html", "文字".encode(), "wrong_extension"),
        ("a", "文字".encode(), "wrong_extension"),
        ("a.zip", office("a.txt"), "media_type"),
        ("a.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "media_type"),
        ("a.docx", b"PK\x03\x04damaged", "media_type"),
        ("a.xlsx", office("[Content_Types].xml", "word/document.xml"), "wrong_extension"),
        ("a.pdf", b"%PDF-1.4\ncut off", "media_damaged"),
        ("a.png", png()[:40], "media_damaged"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "media_damaged"),
        ("a.png", png(0, 5), "media_damaged"),
        ("a.jpg", jpeg()[:-2], "media_damaged"),
        ("a.jpg", b"\xff\xd8\xff\xff\xff\xff\xd9", "media_damaged"),
        ("a.webp", b"RIFF\xff\0\0\0WEBPVP8L", "media_damaged"),
        ("a.gif", b"GIF89a\2\0\2\0", "media_damaged"),
        ("a.png", png(30_000, 30_000), "image_too_large"),
        ("a.jpg", jpeg(width=30_000), "image_too_large"),
        ("a.jpg", jpeg(tiff_with_location()), "image_location"),
        ("a.png", png(2, 2, (b"eXIf", tiff_with_location())), "image_location"),
    ],
)
def test_what_it_may_not(name: str, data: bytes, code: str) -> None:
    assert codes(name, data) == [code]


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">\n{}\n</svg>'


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<script>alert(1)</script>", "svg_element"),
        ("<g><SCRIPT/></g>", "svg_element"),
        ("<foreignObject/>", "svg_element"),
        ("<image href='#x'/>", "svg_element"),
        ("<a href='#x'/>", "svg_element"),
        ("<animate attributeName='href' to='x'/>", "svg_element"),
        ("<set attributeName='onload' to='x'/>", "svg_element"),
        ("<metadata><x:script xmlns:x='http://www.w3.org/2000/svg'/></metadata>", "svg_element"),
        ("<x:script xmlns:x='http://www.w3.org/1999/xhtml'/>", "svg_element"),
        ("<rect onload='x'/>", "svg_attribute"),
        ("<rect ONCLICK='x'/>", "svg_attribute"),
        ("<use href='https://example.org/a.svg#x'/>", "svg_reference"),
        ("<use xlink:href='data:image/svg+xml,x'/>", "svg_reference"),
        ("<use href='other.svg#x'/>", "svg_reference"),
        ("<rect fill='url(https://example.org/x)'/>", "svg_reference"),
        ("<rect style='fill: url( \"//example.org\" )'/>", "svg_reference"),
        ("<rect fill='url(unclosed'/>", "svg_reference"),
        ("<style>@import 'https://example.org/x.css';</style>", "svg_reference"),
        ("<style>@\\69mport 'x';</style>", "svg_reference"),
        ("<style>rect { fill: u\\72l(https://example.org) }</style>", "svg_reference"),
        ("<?xml-stylesheet href='https://example.org/x.css'?>", "svg_instruction"),
        ("<rect>", "svg_invalid"),
        ("&nbsp;", "svg_invalid"),
    ],
)
def test_a_drawing_only_draws(inside: str, code: str) -> None:
    log = FaultLog("a.svg")
    assert read_media("a.svg", SVG.format(inside).encode(), log) is None
    assert log.faults[0].code == code
    assert log.faults[0].line in (2, 3)


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_drawing_has_no_entities(head: str) -> None:
    assert codes("a.svg", f"<?xml version='1.0'?>\n{head}\n{SVG.format('')}".encode()) == ["svg_doctype"]


def test_a_long_style_sheet_is_read_in_one_piece() -> None:
    css = "a" * 8190 + "@import 'x'"
    assert codes("a.svg", SVG.format(f"<style>{css}</style>").encode()) == ["svg_reference"]


def test_a_drawing_in_another_encoding_is_refused() -> None:
    assert codes("a.svg", SVG.format("<title>居民</title>").encode("gb18030")) == ["not_utf8"]
    assert codes("a.svg", SVG.format("").encode("utf-16")) == ["media_type"]


def test_no_drawing_at_all() -> None:
    assert codes("a.svg", b"<!-- <svg --><html/>") == ["svg_element"]


def test_a_refused_picture_is_told_once_and_its_link_is_not_blamed(folder: Path) -> None:
    put(folder, "media/flow.svg", SVG.format("<script/>"))
    fault = only_fault(folder)
    assert (fault.path, fault.line, fault.code) == ("media/flow.svg", 2, "svg_element")


def test_media_names_may_be_chinese(folder: Path) -> None:
    (folder / "media" / "form.md").rename(folder / "media" / "登记表.md")
    change(folder, "01-first-visit.md", "media/form.md", "media/登记表.md")
    (folder / "media" / "flow.svg").rename(folder / "media" / "流程.svg")
    change(folder, "01-first-visit.md", "media/flow.svg", "media/%E6%B5%81%E7%A8%8B.svg")
    assert read_course(folder).faults == ()
