"""Real browsers on a real server: one chromium, a context per person."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests import personas
from tests.personas import Persona
from tests.realtime.people import Place
from tests.realtime.server_process import ServerProcess

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOWER = float(os.environ.get("SLOWER", "1"))
"""How many times slower than this machine every page computes: SLOWER=6 finds what a busy machine finds."""
OF_THE_NETWORK = ("net::ERR", "status of", "WebSocket connection to")
"""What the browser itself says of a lost connection or a refusal; the page shows these in its own way."""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, template_database: Path) -> Path:
    folder = tmp_path_factory.mktemp("clinic")
    shutil.copy(template_database, folder / "consilium.db")
    return folder


@pytest.fixture(scope="module")
def server(clinic: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(clinic).start()
    yield process
    process.kill()


@pytest.fixture(scope="module")
def place(clinic: Path, server: ServerProcess) -> Place:
    return Place(clinic)


expect.set_options(timeout=30_000)


class Visitor:
    """One person's browser window, with everything the console complained of."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        if SLOWER > 1:
            context.new_cdp_session(self.page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(noise in message.text for noise in OF_THE_NETWORK):
            self.complaints.append(message.text)

    def sign_in(self, persona: Persona) -> "Visitor":
        self.page.goto(f"{self.url}/login")
        self.page.fill("#email", persona.email)
        self.page.fill("#password", personas.PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/login" not in address)
        return self

    def board(self, place: Place) -> "Visitor":
        self.page.goto(f"{self.url}/patients/{place.patient}/plan")
        self.saved()
        return self

    def saved(self) -> None:
        """Everything typed so far is committed, as the status says."""
        self.page.wait_for_selector("save-status[data-state=saved]", timeout=30_000)

    def text_of(self, section: str, kind: str = "clinical") -> str:
        """The Markdown of a section as this browser's replica has it."""
        return str(self.page.evaluate(f"document.querySelector({self._selector(section, kind)!r}).live.text"))

    def editor(self, section: str, kind: str = "clinical") -> Any:
        return self.page.locator(f"{self._selector(section, kind)} .cm-content")

    def _selector(self, section: str, kind: str) -> str:
        return f"section-editor[data-section={section}][data-kind={kind}]"

    def clear(self, section: str, kind: str = "clinical") -> None:
        """Empty a section one may write."""
        self.editor(section, kind).click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.saved()

    def fill(self, section: str, text: str, kind: str = "clinical") -> None:
        """Put a whole Markdown text into a section that one may write, as it is."""
        self.editor(section, kind).click()
        self.page.evaluate(
            """([selector, text]) => {
              const { view } = document.querySelector(selector);
              view.dispatch({
                changes: { from: 0, to: view.state.doc.length, insert: text },
                selection: { anchor: text.length },
              });
            }""",
            [self._selector(section, kind), text],
        )

    def write(self, section: str, words: str, *, at: str = "Control+End", kind: str = "clinical") -> None:
        self.editor(section, kind).click()
        self.page.keyboard.press(at)
        self.page.keyboard.type(words)

    def waits_for_text(self, section: str, words: str, kind: str = "clinical", seconds: float = 30) -> None:
        self.page.wait_for_function(
            "([selector, words]) => document.querySelector(selector).live?.text.includes(words)",
            arg=[self._selector(section, kind), words],
            timeout=seconds * 1000,
        )


Sessions = dict[Persona, list[Any]]


@pytest.fixture(scope="module")
def sessions(server: ServerProcess) -> Sessions:
    """The cookies of those who signed in before on this server."""
    return {}


@pytest.fixture
def visitor(chromium: Browser, server: ServerProcess, sessions: Sessions) -> Iterator[Callable[..., Visitor]]:
    """`visitor()` is a fresh window; `visitor(DANA)` is signed in. No page may have complained at the end.

    Windows of one person share a session as long as it lasts, because signing in costs a second; they show no page yet.
    """
    present: list[Visitor] = []

    def come(persona: Persona | None = None, **options: Any) -> Visitor:
        found = Visitor(
            chromium.new_context(viewport=options.pop("viewport", {"width": 1280, "height": 900}), **options),
            server.url,
        )
        present.append(found)
        if persona:
            found.context.add_cookies(sessions.get(persona, []))
            if found.context.request.get(f"{server.url}/account", max_redirects=0).status != 200:
                found.context.clear_cookies()
                sessions[persona] = found.sign_in(persona).context.cookies()
        return found

    yield come
    complaints = [complaint for each in present for complaint in each.complaints]
    for each in present:
        each.context.close()
    assert not complaints, complaints
