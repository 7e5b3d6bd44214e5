"""Stored files: typed by their bytes, labelled harmlessly, handed out so that no browser runs them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from flask import Flask

from lms.core import db, files
from lms.core.errors import Refused

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a..", "image/gif"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04..", "application/zip"),
        (b"....ftypisom", "video/mp4"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b"<?xml version='1.0'?><svg xmlns='x'>", "image/svg+xml"),
        (b"<html><script>", "text/plain"),
        ("一二三".encode(), "text/plain"),
        ("一二三".encode("gb18030"), "application/octet-stream"),
        (b"a\x00b", "application/octet-stream"),
        (b"MZ\x90\x00", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_bytes_are(data, found) -> None:
    assert files.content_type_of(data) == found


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("花名册 2026.xlsx", "花名册 2026.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/etc/shadow", "shadow"),
        ("C:\\Users\\a.txt", "a.txt"),
        ("a/../b.txt", "b.txt"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        ("///", "file"),
        ("a\x00b.txt", "ab.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
        ('a"b<c>|d?*.txt', "abcd.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\u200bb.txt", "ab.txt"),
        ("  .hidden. ", "hidden"),
        ("\ud800.txt", "txt"),
    ],
)
def test_a_label_is_a_name_and_no_path(name, label) -> None:
    assert files.clean_label(name) == label


def test_a_long_label_keeps_its_ending() -> None:
    label = files.clean_label("长" * 300 + ".xlsx")
    assert len(label) <= files.LONGEST_LABEL
    assert label.endswith("长.xlsx")
    assert len(files.clean_label("a." + "b" * 500)) <= files.LONGEST_LABEL


def sent(app: Flask, data: bytes, label: str):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        response = app.process_response(app.make_response(files.send(files.store(data, label, now=NOW))))
        response.direct_passthrough = False
        body = response.get_data()
        response.close()
    return response, body


def test_a_picture_is_shown_and_everything_else_is_handed_over(app: Flask) -> None:
    assert sent(app, PNG, "a.png")[0].headers["Content-Disposition"].startswith("inline")
    for data in (b"<svg onload=alert(1)>", b"<html><script>alert(1)</script>", b"%PDF-1.7", b"GIF"):
        response, body = sent(app, data, "picture.png")
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert body == data


@pytest.mark.parametrize("data", [PNG, b"<svg>", b"<html>", b"%PDF-"])
def test_whatever_is_sent_is_sandboxed_and_not_guessed_at(app: Flask, data) -> None:
    headers = sent(app, data, "a")[0].headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox;")
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "label", ["入户走访记录表.docx", 'a"; filename="evil.exe', "a\r\nX-Evil: 1.txt", "é ü.pdf", "100%.txt"]
)
def test_a_name_reaches_the_browser_whole_and_alone(app: Flask, label) -> None:
    """RFC 6266: what is not ASCII goes as filename*; nothing in a name can end the header or begin another."""
    headers = sent(app, b"%PDF-", label)[0].headers
    value = headers["Content-Disposition"]
    assert "\n" not in value
    assert "X-Evil" not in headers
    plain = value.split("filename=", 1)[1].strip('"')
    said = unquote(value.split("filename*=UTF-8''")[1]) if "filename*" in value else plain
    assert said == files.clean_label(label)


def test_the_same_bytes_are_kept_once(app: Flask) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        one, two = (files.store(PNG, name, now=NOW) for name in ("a.png", "b.png"))
        assert one.digest == two.digest
        assert [path.name for path in files.path_of(one.digest).parent.iterdir()] == [one.digest]
        assert files.find(one.digest) is not None
        assert files.read(one) == PNG


def test_the_same_bytes_at_once_are_whole(app: Flask) -> None:
    data, failed = b"x" * 2_000_000, []

    def keep() -> None:
        try:
            with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
                assert files.read(files.store(data, "x", now=NOW)) == data
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_an_empty_and_a_huge_file_are_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 10)
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        for data in (b"", b"x" * 11):
            with pytest.raises(Refused):
                files.store(data, "a", now=NOW)
