"""Signing out by the pages, as a person would."""

import re
import urllib.error
import urllib.request
from typing import Any

SEE_OTHER = 303


def sign_out(address: str, cookie: str) -> None:
    """End the session of a cookie; a server that is gone or a session that has ended is fine."""
    try:
        request = urllib.request.Request(f"{address}/account", headers={"Cookie": cookie})  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as page:  # noqa: S310
            token = re.search(r'name="csrf-token" content="([^"]+)"', page.read().decode())
            cookie = (page.headers.get("Set-Cookie") or cookie).split(";", 1)[0]
        if token is None:
            return
        headers = {"Cookie": cookie, "X-CSRFToken": token[1], "Referer": f"{address}/account"}
        leaving = urllib.request.Request(f"{address}/logout", b"", headers)  # noqa: S310
        urllib.request.build_opener(_StayHere).open(leaving, timeout=10).close()
    except urllib.error.HTTPError as answer:
        if answer.code >= 500:
            raise
    except urllib.error.URLError:
        return


class _StayHere(urllib.request.HTTPRedirectHandler):
    """The answer is a redirect to the sign-in page, which nobody here needs."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None
