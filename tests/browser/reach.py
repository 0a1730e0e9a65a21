"""Whether a page is for everybody: axe in both colour schemes, 320 px, the keyboard, and paper."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
PAPER = {"width": 658, "height": 1000}
"""The 174 mm between the margins of a sheet of A4."""
MOST_SCRIPT = 60_000
"""Bytes, as they are sent."""
GRAVE = ("serious", "critical")
SMALL = (Path(__file__).parent / "small.js").read_text()
"""A script that names what is too wide, written too small, or too small to be touched, for a patient's page."""
BY_KEYBOARD = (Path(__file__).parent / "keyboard.js").read_text()
"""A script that names what the keyboard cannot reach, or not be seen on."""


def grave(page: Page, where: str = "", within: str = "document") -> list[str]:
    """What axe finds serious in the page as it stands, in light colours and in dark ones. The two differ in colours
    alone, so that only the rules about colours run twice. `within` is a script's expression. Wants `bypass_csp`."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=str(AXE))
    found = _violations(page, within, "", f"{where} light")
    page.emulate_media(color_scheme="dark")
    found += _violations(page, within, "runOnly: ['color-contrast', 'link-in-text-block']", f"{where} dark")
    page.emulate_media(color_scheme="light")
    return found


def _violations(page: Page, within: str, which: str, where: str) -> list[str]:
    result: dict[str, Any] = page.evaluate(
        f"axe.run({within}, {{ resultTypes: ['violations'], preload: false, {which} }})"
    )
    return [
        f"{where}: {each['id']} at {[node['target'] for node in each['nodes']][:3]}"
        for each in result["violations"]
        if each["impact"] in GRAVE
    ]


def heavy(page: Page, where: str) -> list[str]:
    """Whether a page loads more script than a patient's phone should have to."""
    found = page.evaluate(
        """() => performance.getEntriesByType("resource")
          .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
          .reduce((sum, each) => sum + each.encodedBodySize, 0)"""
    )
    assert found > 0, f"{where}: no script was counted"
    return [f"{where}: {found} bytes of script"] * (found > MOST_SCRIPT)


def unreachable(page: Page, where: str) -> list[str]:
    """What the keyboard cannot reach, or where nobody would see that it is."""
    page.keyboard.press("Tab")
    return [f"{where}: {each}" for each in page.evaluate(BY_KEYBOARD)]


def too_wide(page: Page, where: str) -> list[str]:
    """Whether a small screen has to be scrolled sideways, or paper would cut something off."""
    before, found = page.viewport_size, []
    for size, medium in ((NARROW, "screen"), (PAPER, "print")):
        page.emulate_media(media=medium)  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        width = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{where}: {width} px wide on a {medium} of {size['width']}"] * (width > size["width"])
    page.emulate_media(media="screen")
    page.set_viewport_size(before or DESK)  # type: ignore[arg-type]
    return found
