"""Values that no form of ours sends, to every form that keeps what it gets: never a 500."""

from __future__ import annotations

import io

import pytest

from tests.cast import Cast

NUMBERS = ("9" * 30, "9223372036854775808", "-1", "0", "x", "", "1.5", "１")
FIELDS = (
    ("/feedback", "text"),
    ("/feedback", "contact"),
    ("/feedback", "page"),
    ("/sign-in", "name"),
    ("/sign-in", "secret"),
    ("/sign-in", "next"),
    ("/units/{xinhua}/name", "name"),
    ("/people/new", "title"),
    ("/language", "locale"),
    ("/people/{alice}/account/disable", "reason"),
    ("/notices/settings", "address"),
    ("/password", "password"),
)
STRANGE = (
    "q=" + "%E4%B8%80" * 3000,
    "q=%25_%5C",
    "q=%ED%A0%80",
    "q=%FF",
    "cursor=" + "A" * 5000,
    "q=" + "a%20" * 2000,
    "unit=%00",
)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/roster/new", "unit"),
        ("/people/new", "unit"),
        ("/people/{alice}/grants", "unit"),
        ("/people/{alice}/appointments", "unit"),
        ("/units/{xinhua}/parent", "parent"),
        ("/units/{xinhua}/closing", "successor"),
        ("/notices/channels/wecom", "unit"),
    ],
)
def test_a_number_that_names_nothing_is_refused(as_, cast: Cast, path, field) -> None:
    client, address = as_(cast.chen), path.format(alice=cast.alice, xinhua=cast.xinhua)
    for number in NUMBERS:
        file = (io.BytesIO("姓名\n".encode()), "a.csv")
        answer = client.post(address, data={"last_day": "2020-01-01", "file": file, field: number})
        assert answer.status_code in {404, 422}, number


def test_nul_is_refused_or_ignored_everywhere(as_, cast: Cast) -> None:
    client = as_(cast.chen)
    for path, field in FIELDS:
        data = {"kind": "suggestion", "text": "字再大一些。", "name": "x", "secret": "y", field: "a\x00b"}
        answer = client.post(path.format(alice=cast.alice, xinhua=cast.xinhua), data=data)
        assert answer.status_code < 500, (path, field)


@pytest.mark.parametrize("path", ["/people/", "/units/", "/courses/", "/reports/audit", "/reports/people", "/verify"])
def test_a_strange_query_never_breaks_a_page(as_, cast: Cast, path) -> None:
    client = as_(cast.chen)
    for query in STRANGE:
        assert client.get(f"{path}?{query}").status_code in {200, 303, 400, 404}, query
