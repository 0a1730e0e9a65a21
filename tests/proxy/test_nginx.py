"""Behind the nginx of `deploy/`: TLS, co-editing by wss and by polling, and what its log must not hold."""

import gzip
import re
import shutil
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.personas import DANA, LENA
from tests.proxy.nginx import Nginx
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess, free_port
from tests.realtime.test_transports import Poller


@pytest.fixture(scope="module")
def nginx(template_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """nginx in front of one server for all of them; its certificate is trusted by this process."""
    folder = tmp_path_factory.mktemp("instance")
    shutil.copy(template_database, folder / "consilium.db")
    port = free_port()
    server = ServerProcess(folder, PUBLIC_URL=f"https://localhost:{port}", TRUSTED_PROXIES="1")
    proxy = Nginx(folder / "nginx", server, port, free_port())
    try:
        server.start()
        proxy.start()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(proxy.certificate))
            yield proxy
    finally:
        proxy.stop()
        server.kill()
    assert '"level": "error"' not in server.log, server.log[-4000:]


def get(url: str, form: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, form, {name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, dict(answer.headers), answer.read()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


def test_two_people_write_together_by_wss_and_one_by_polling(nginx: Nginx) -> None:
    place = Place(nginx.server.instance)
    dana, lena = Person(nginx.url, DANA, place), Person(nginx.url, LENA, place)
    for each in (dana, lena):
        assert "error" not in each.join()
    document = place.document("understanding")
    hers, his = dana.open(document), lena.open(document)
    hers.insert(0, "Dana was here. ")
    assert hers.flush() is not None
    his.insert(0, "Lena too. ")
    assert his.flush() is not None
    eventually(lambda: hers.text == his.text and "Dana was here." in hers.text and "Lena too." in hers.text)
    poller = Poller(nginx.url, lena.cookie, place.plan)
    assert "error" not in poller.call("board.join", plan=place.plan)
    for each in (dana, lena):
        each.socket.close()
    assert "sid=" not in nginx.logs
    assert "/socket.io/" in nginx.logs


def test_pages_come_by_http_2_with_the_servers_own_headers(nginx: Nginx) -> None:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    port = int(nginx.url.rsplit(":", 1)[1])
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port), 10), server_hostname="localhost") as tls:
        assert tls.selected_alpn_protocol() == "h2"
        assert tls.version() == "TLSv1.3"
    status, headers, page = get(f"{nginx.url}/login", Accept_Encoding="gzip")
    assert status == 200
    assert headers["Strict-Transport-Security"]
    assert "Content-Encoding" not in headers
    style = page.decode().split('<link rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    status, headers, body = get(nginx.url + style, Accept_Encoding="gzip")
    assert status == 200
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"] or "max-age=31536000" in headers["Cache-Control"]
    assert gzip.decompress(body)


def test_plain_http_is_sent_to_https(nginx: Nginx) -> None:
    status, headers, _body = get(f"{nginx.plain_url}/patients?q=x")
    assert (status, headers["Location"]) == (301, f"{nginx.url}/patients?q=x")


def test_one_time_links_and_queries_are_not_in_its_log(nginx: Nginx) -> None:
    get(f"{nginx.url}/welcome/secret-token-of-a-link")
    get(f"{nginx.url}/patients?q=Maria")
    eventually(lambda: "/welcome/-" in nginx.logs and "/patients" in nginx.logs)
    assert "secret-token" not in nginx.logs
    assert "Maria" not in nginx.logs


def test_a_spoofed_address_is_not_believed(nginx: Nginx) -> None:
    _status, headers, page = get(f"{nginx.url}/login")
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    form = {"email": "nobody@clinic.example", "password": "wrong", "csrf_token": token[1].decode()}
    status, _headers, _body = get(
        f"{nginx.url}/login",
        urllib.parse.urlencode(form).encode(),
        Cookie=headers["Set-Cookie"].split(";")[0],
        Referer=f"{nginx.url}/login",
        X_Forwarded_For="6.6.6.6",
    )
    assert status == 422
    assert Place(nginx.server.instance).rows("SELECT DISTINCT address FROM sign_in_failures") == [("127.0.0.1",)]


def test_while_the_server_is_away_one_is_told_to_wait(nginx: Nginx) -> None:
    """The last of them: it stops the server."""
    nginx.server.stop()
    status, headers, body = get(f"{nginx.url}/login")
    assert status == 503
    assert headers["Retry-After"] == "5"
    assert b"being restarted" in body
