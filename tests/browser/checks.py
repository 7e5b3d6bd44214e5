"""What every page must satisfy, whoever reads it and on whatever."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

TOO_WIDE = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (element) => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== "visible") return true;
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element))
    .map((element) => `<${element.tagName.toLowerCase()} class="${element.className}">`)
    .concat(`the page is ${document.documentElement.scrollWidth} px wide on a screen of ${width} px`);
}
"""


@lru_cache(maxsize=1)
def axe_source() -> str:
    if not AXE.exists():
        raise RuntimeError("axe-core is not installed: run `make browser`, which does it")
    return AXE.read_text(encoding="utf-8")


def axe(page: Page) -> None:
    """No finding of axe-core: WCAG 2.2 AA and best practices."""
    page.evaluate(axe_source())
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
    violations = page.evaluate("(options) => axe.run(document, options).then((run) => run.violations)", options)
    assert not violations, f"axe-core on {page.url}:\n" + "\n".join(map(_told, violations))


def _told(violation: dict[str, Any]) -> str:
    places = [f"    {' '.join(map(str, node['target']))}: {node['failureSummary']}" for node in violation["nodes"][:5]]
    return "\n".join([f"  {violation['id']} ({violation['impact']}): {violation['help']}", *places])


def no_sideways_scroll(page: Page) -> None:
    found = page.evaluate(TOO_WIDE)
    assert not found, f"{page.url} scrolls sideways:\n  " + "\n  ".join(found[:10])


def sound(page: Page) -> None:
    """Both of the above: for each page that a journey stops at."""
    no_sideways_scroll(page)
    axe(page)
