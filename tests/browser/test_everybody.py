"""Everyone reaches every page: no serious axe violation in either colour scheme, no sideways scrolling at 320 px or on
paper, the keyboard alone; a patient's letters of 18 px, targets of 44 px or more, and little script."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Visitor
from tests.browser.reach import AXE, DESK, NARROW, SMALL, grave, heavy, too_wide, unreachable
from tests.browser.walk import Stop, settle
from tests.personas import Persona
from tests.realtime.server_process import ServerProcess, free_port

Visitors = Callable[..., Visitor]
PARTS = 4


@pytest.fixture(scope="module")
def mail() -> dict[str, str]:
    """A mail server, without which there are no forgotten passwords; it happens to be away."""
    return {"SMTP_URL": f"smtp://127.0.0.1:{free_port()}"}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clinic")


@pytest.fixture(scope="module")
def stops(clinic: Path, template_database: Path, mail: dict[str, str]) -> list[Stop]:
    """All pages of a clinic that is settled for them."""
    return settle(clinic, template_database, **mail)


@pytest.fixture(scope="module")
def server(clinic: Path, stops: list[Stop], mail: dict[str, str]) -> Iterator[ServerProcess]:
    process = ServerProcess(clinic, **mail).start()
    yield process
    process.kill()


def test_a_fault_would_be_found(visitor: Visitors) -> None:
    page = visitor(bypass_csp=True).page
    page.set_content(
        """<html lang=en><title>Faults</title><main><h1>Faults</h1>
        <style>.dark { color: light-dark(#000, #222); } body { background: light-dark(#fff, #111); }
        :root { color-scheme: light dark; }</style>
        <p style="min-width: 700px">Wide</p><p class=dark>Dark</p><img src="data:,">
        <button style="outline: none; box-shadow: none">Unseen</button><div onclick="0">Unreached</div>"""
    )
    assert [each.split(" at ")[0] for each in grave(page)] == [" light: image-alt", " dark: color-contrast"]
    assert [each.split(": <")[0] for each in unreachable(page, "")] == [": shows no focus", ": not by Tab"]
    assert len(too_wide(page, "")) == 2
    assert len(page.evaluate(SMALL)) > 1


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_reaches_every_page(visitor: Visitors, stops: list[Stop], part: int) -> None:
    people: dict[Persona | None, Visitor] = {}
    found: list[str] = []
    for stop in stops[part::PARTS]:
        if stop.who not in people:
            people[stop.who] = visitor(stop.who, bypass_csp=True)
            people[stop.who].page.add_init_script(path=str(AXE))
        who = people[stop.who]
        who.page.set_viewport_size(NARROW if stop.is_of_a_patient else DESK)  # type: ignore[arg-type]
        who.page.goto(who.url + stop.path)
        if stop.path.endswith("/plan"):
            who.saved()
        if stop.is_of_a_patient:
            who.page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true })")
            found += [f"{stop.path}: {each}" for each in who.page.evaluate(SMALL)]
            found += heavy(who.page, stop.path)
        found += grave(who.page, stop.path)
        found += unreachable(who.page, stop.path)
        found += too_wide(who.page, stop.path)
    assert not found, "\n".join(found)
