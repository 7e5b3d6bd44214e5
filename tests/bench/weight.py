"""What a first visit to a page costs in bytes: the page, and everything that it loads, compressed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from urllib.parse import urljoin

import html5lib

Fetch = Callable[[str], bytes]
LOADED = {"link": "href", "script": "src", "img": "src", "source": "src", "use": "href"}
RELATIONS = {"stylesheet", "icon", "modulepreload", "preload", "manifest"}
IMPORT = re.compile(r"""(?:import|from)\s*["'](\.{1,2}/[^"']+)["']""")
#: Asked for when it is needed: by the name of a behavior that stands in the page.
IMPORT_LATER = re.compile(r"""import\(["'](\.{1,2}/([\w.-]+?)-[A-Z0-9]{8}\.js)["']\)""")
SHEET_URL = re.compile(r"""url\(["']?([^"')]+)["']?\)""")
# Pictures are compressed as they are.
PACKED = (".png", ".jpg", ".jpeg", ".webp", ".woff2", ".mp4")


def on_the_wire(name: str, content: bytes) -> int:
    return len(content) if name.endswith(PACKED) else len(gzip.compress(content, 6))


def loads(page: bytes) -> set[str]:
    """What the page itself names."""
    found = set()
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        name = str(element.tag).rsplit("}")[-1]
        address = element.get(LOADED.get(name, "")) or ""
        if name == "link" and not RELATIONS & set((element.get("rel") or "").split()):
            continue
        # A part of the page itself, or a picture inside of it, is no request.
        if name in LOADED and address and not address.startswith(("#", "data:")):
            found.add(address.split("#")[0])
    return found


def behaviors(page: bytes) -> set[str]:
    """The scripts that the page asks for by name."""
    elements = html5lib.parse(page, namespaceHTMLElements=False).iter()
    return {name for element in elements for name in (element.get("data-behavior") or "").split()}


def first_visit(path: str, fetch: Fetch) -> dict[str, int]:
    """Address -> bytes on the wire, for the page at `path` and all that it loads, a script's imports included."""
    page = fetch(path)
    wanted = behaviors(page)
    weights = {path: on_the_wire("page.html", page)}
    waiting = {urljoin(path, address) for address in loads(page)}
    while waiting:
        address = waiting.pop()
        content = fetch(address)
        weights[address] = on_the_wire(address, content)
        names: list[str] = []
        if address.endswith(".js"):
            script = content.decode()
            names = IMPORT.findall(script)
            names += [name for name, behavior in IMPORT_LATER.findall(script) if behavior in wanted]
        elif address.endswith(".css"):
            names = [name for name in SHEET_URL.findall(content.decode()) if not name.startswith("data:")]
        waiting |= {urljoin(address, name) for name in names} - weights.keys()
    return weights
