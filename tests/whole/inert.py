"""What a browser would run of a page, found by parsing it as a browser does: a page of ours gives nothing to find."""

from __future__ import annotations

import re
from collections.abc import Iterator

import html5lib

#: Elements that run, fetch, embed or change the rest of the page. Scripts, styles' links and drawings are looked at.
ACTIVE = frozenset({
    "iframe", "frame", "frameset", "object", "embed", "applet", "base", "style", "math", "animate",
    "animatetransform", "set", "foreignobject", "portal", "noembed", "noframes", "plaintext", "xmp",
    "marquee", "isindex", "template",
})  # fmt: skip
ADDRESSES = frozenset({"href", "src", "action", "formaction", "poster", "data", "background", "cite", "ping", "srcset"})
#: A path of ours, a place within the page, or a scheme that runs nothing.
HARMLESS = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#|\?|\.{0,2}/(?!/)|[^:/\\]*(?:[/?#]|$))", re.IGNORECASE)
#: What a browser drops before it reads the scheme of an address.
DROPPED = re.compile("[\x00-\x20]")


def active(html: str) -> Iterator[str]:
    """Each thing in `html` that is more than text, links and forms of ours."""
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        tag = str(element.tag).rpartition("}")[2].lower()
        if tag in ACTIVE or "-" in tag or (tag == "script" and _runs(element)):
            yield f"<{tag}>"
        if tag == "meta" and element.get("http-equiv"):
            yield f"<meta http-equiv={element.get('http-equiv')}>"
        for name, value in element.attrib.items():
            attribute = str(name).rpartition("}")[2].lower()
            if attribute.startswith("on") or attribute in ("style", "srcdoc"):
                yield f"<{tag} {attribute}>"
            elif attribute in ADDRESSES and not HARMLESS.match(DROPPED.sub("", value)):
                yield f"<{tag} {attribute}={value[:60]!r}>"


def _runs(script: object) -> bool:
    """Whether a script is not one of our built files."""
    source = getattr(script, "get")("src") or ""  # noqa: B009  (html5lib's elements have no type)
    return not source.startswith("/static/") or bool((getattr(script, "text") or "").strip())  # noqa: B009
