"""Every text of the case library against hostile text: nothing active comes of it, and nothing fails."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import html5lib
import pytest

from lms.cases import actions, comments, methods, uses
from lms.cases.kinds import Section
from lms.cases.library_text import read_method
from lms.cases.texts import MethodText
from lms.core import clock, db
from lms.core.errors import BadInput
from lms.courses.faults import FaultLog
from lms.hours.kinds import Ability
from lms.units.models import Unit
from tests.cases import odd_strings
from tests.cases.made import LIFT, NOW, make_case
from tests.cast import SYSTEM
from tests.conftest import actor_of

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)><animate onbegin=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a><math href='javascript:alert(1)'>",
    "[x](javascript:alert(1)) [y](data:text/html;base64,PHNjcmlwdD4=) ![z](data:image/svg+xml,<svg/onload=alert(1)>)",
    "<style>@import 'https://example.invalid'</style><link rel=stylesheet href=//example.invalid>",
    "<form action=//example.invalid><input name=x><button formaction=javascript:alert(1)>",
    '![x](https://example.invalid/x.png"onerror=alert(1)) <base href=//example.invalid>',
    "\u202eتجربة\u202c \u200b\u2066隐\u2069 ｓｃｒｉｐｔ ＜script＞",
    "{{7*7}} {% for x in () %} ${7*7} {0.__class__} %(x)s %n",
    "' OR 1=1 -- \" ; DROP TABLE cases; *MATCH* AND OR NOT NEAR(",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤ 𝕋𝕙𝕖 👩‍👩‍👧 \ufdfd \U0001f3f4\U000e0067 \ufeff 田中さん",
    "⸨0⸩ <p>⸨0⸩</p> [^1]\n\n[^1]: <script>alert(1)</script>",
    '<div id="a" class="callout" style="position:fixed">x</div><details open ontoggle=alert(1)>',
]
ACTIVE = {"script", "iframe", "object", "embed", "style", "base", "meta", "math", "animate", "link"}
PAGES = ("", "/print", "/uses", "/history", "/lesson")


def assert_inert(html: str, what: str) -> None:
    """Nothing within the page's main part can run; pictures from outside are for the content policy to stop."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    for element in next(document.iter("main")).iter():
        assert str(element.tag).rpartition("}")[2] not in ACTIVE, what
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name not in ("style", "srcdoc", "formaction"), what
            if name in ("href", "src", "action"):
                assert not value.lower().lstrip().startswith(("javascript:", "data:", "vbscript:")), (what, value)


def write_library(cast) -> list[str]:
    """Cases and methods whose every field is hostile; the addresses of the cases."""
    county, wen = db.session().get_one(Unit, cast.county), actor_of(cast.wen)
    slugs = []
    for number, start in enumerate(range(0, len(HOSTILE), 3)):
        line, text = HOSTILE[start], "\n\n".join(HOSTILE[start : start + 3])
        slugs.append(f"case-{number}")
        method = methods.create_method(slug=f"method-{number}", unit=None, now=NOW)
        said = MethodText(line[:80], text[:300], (Ability.MEDIATION,), (text,), text, text, text)
        methods.add_version(method, said, actor=SYSTEM, now=NOW)
        everything = replace(
            LIFT, title=line[:120], summary=text[:400], region=line[:80], place=line[:120], authors=tuple(HOSTILE),
            evidence=text[:600], sections=dict.fromkeys(Section, text + "？"), methods=(method.slug,), ended=None,
        )  # fmt: skip
        case = actions.create_case(unit=county, slug=slugs[-1], actor=SYSTEM, now=NOW)
        version = actions.add_version(case, everything, note=text[:400], actor=SYSTEM, now=NOW)
        actions.publish(case, reason=text, actor=SYSTEM, now=NOW)
        actions.award_label(case, version, unit=county, name=line[:60], actor=SYSTEM, now=NOW)
        uses.note_use(case, sentence=text[:400], contact=line[:120], actor=wen, now=clock.now())
        comments.write_comment(case, text=text, actor=wen, now=clock.now())
    return slugs


def test_nothing_active_comes_of_any_field_and_nothing_fails(app, as_, cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        slugs = write_library(cast)
    client = as_(cast.chen)
    pages = [f"/cases/{slug}{page}" for slug in slugs for page in PAGES]
    for page in [*pages, "/cases/methods", *(f"/cases/methods/method-{slug[5:]}" for slug in slugs)]:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert_inert(answer.get_data(as_text=True), page)
    assert client.get("/cases/case-0/lesson.zip").status_code == 200
    for text in [*HOSTILE, "%", "_", "*", "\\", "x" * 10_000, "“”"]:
        answer = client.get("/cases/", query_string={"q": text})
        assert answer.status_code == 200, text
        assert_inert(answer.get_data(as_text=True), text)
    found = client.get("/cases/", query_string={"q": "<script>alert"}).get_data(as_text=True)
    assert "<mark>&lt;script&gt;alert</mark>" in found


def test_hundreds_of_odd_strings_are_shown_as_they_are_or_refused(app, as_, cast) -> None:
    """Each in a section, in a comment and in a search; in titles, names and places as many as there are cases."""
    odd = odd_strings.every()
    assert len(odd) >= 515
    slugs, wen, client = [], actor_of_request(app, cast.wen), as_(cast.wen)
    for number, start in enumerate(range(0, len(odd), 30)):
        some = [*odd, *odd][start : start + 30]
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
            text = "\n\n".join(some)[:9000]
            case = actions.create_case(unit=None, slug=f"odd-{number}", actor=SYSTEM, now=NOW)
            told = replace(
                LIFT,
                title=some[0][:50],
                place=some[1][:50],
                region=some[2][:30],
                authors=tuple(one[:30] for one in some[:5]),
                sections={**LIFT.sections, Section.PROCESS: text},
                methods=(),
            )
            actions.add_version(case, told, actor=SYSTEM, now=NOW)
            actions.publish(case, reason="教学", actor=SYSTEM, now=NOW)
            comments.write_comment(case, text=text[:900], actor=wen, now=NOW + timedelta(days=number))
            slugs.append(case.slug)
    pages = [*(f"/cases/{slug}" for slug in slugs), "/cases/"]
    searches = [f"/cases/?{urlencode({'q': one[:60]})}" for one in odd[::3]]
    for address in (*pages, *searches):
        answer = client.get(address)
        assert answer.status_code == 200 or (address in searches and answer.status_code == 400), address
        if answer.status_code == 200:
            assert_inert(answer.get_data(as_text=True), address)


def actor_of_request(app, person_id: int):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        return actor_of(person_id)


def test_a_heading_costs_no_more_than_its_length() -> None:
    """A heading was once read in a way that took minutes for ten thousand spaces."""
    text = "+++\n+++\n## a" + " " * 10_000 + "b\n## " + " #" * 5_000 + "b\n"
    log = FaultLog()
    assert read_method("method", text.encode(), log) is None
    assert "unknown_section" in {fault.code for fault in log.sorted()}


def test_nul_and_bombs_are_refused_in_words(app, as_, cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        slug = make_case().slug
        bomb = {**LIFT.sections, Section.PROCESS: "[" * 11_000}
        case = actions.create_case(unit=None, actor=SYSTEM, now=NOW)
        with pytest.raises(BadInput):
            actions.add_version(case, replace(LIFT, sections=bomb), actor=SYSTEM, now=NOW)
    client = as_(cast.wen)
    assert client.get("/cases/", query_string={"q": "a\x00b"}).status_code == 400
    assert client.post(f"/cases/{slug}/comments", data={"text": "a\x00b"}).status_code == 400
    assert client.get(f"/cases/{slug}/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd").status_code == 404
    assert client.get("/cases/" + "x" * 500).status_code == 404
