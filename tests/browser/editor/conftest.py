"""Dana's board with an empty section of hers, and what she does there."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitor
from tests.personas import DANA
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]
SECTION = "physiotherapy"


@pytest.fixture
def dana(visitor: Visitors, place: Place) -> Visitor:
    found = visitor(DANA).board(place)
    found.clear(SECTION)
    return found


def press(dana: Visitor, *keys: str) -> None:
    for key in keys:
        dana.page.keyboard.press(key)


def paste(dana: Visitor, html: str, plain: str = "") -> None:
    dana.page.evaluate(
        """([html, plain]) => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          data.setData("text/plain", plain);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [html, plain],
    )
