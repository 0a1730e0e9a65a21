"""A real nginx with the configuration of `deploy/`, on free ports of 127.0.0.1, with a certificate for the day."""

import os
import socket
import subprocess
import time
from pathlib import Path

from tests.realtime.server_process import ServerProcess

ROOT = Path(__file__).resolve().parents[2]
NAME = "plan.clinic.example"
AROUND = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    types {{ text/html html; }}
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    include {folder}/consilium;
}}
"""


class Nginx:
    """`start`, then `url`; `logs` is what it wrote about requests."""

    def __init__(self, folder: Path, server: ServerProcess, port: int, plain_port: int) -> None:
        self.folder = folder
        self.server = server
        self.certificate = folder / "fullchain.pem"
        self.url = f"https://localhost:{port}"
        self.plain_url = f"http://localhost:{plain_port}"
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        self._certify()
        self._configure(plain_port)

    def start(self) -> "Nginx":
        binary = next(path for path in (Path("/usr/sbin/nginx"), ROOT / ".dev/nginx/usr/sbin/nginx") if path.exists())
        command = [str(binary), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert tested.returncode == 0, tested.stderr
        warned = [line for line in tested.stderr.splitlines() if "[warn]" in line]
        assert not [line for line in warned if '"listen ... http2"' not in line], warned
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not self._listens():
            assert self._process.poll() is None
            assert time.monotonic() < deadline, (self.folder / "error.log").read_text()
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)

    @property
    def logs(self) -> str:
        return (self.folder / "consilium.log").read_text() + (self.folder / "consilium.error.log").read_text()

    def _certify(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
            + ["-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
            + ["-keyout", str(self.folder / "privkey.pem"), "-out", str(self.certificate)],
            check=True,
            capture_output=True,
        )

    def _configure(self, plain_port: int) -> None:
        """The deployed file with only what an administrator replaces, and the ports, replaced."""
        site = (ROOT / "deploy/nginx.conf").read_text()
        for deployed, here in (
            (f"https://{NAME}$request_uri", f"https://localhost:{self._port}$request_uri"),
            (NAME, "localhost"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.server.port}"),
            ("    listen [::]:80;\n", ""),
            ("    listen [::]:443 ssl http2;\n", ""),
            ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self._port} ssl"),
            ("/etc/ssl/consilium/", f"{self.folder}/"),
            ("/var/log/nginx/", f"{self.folder}/"),
        ):
            assert deployed in site, deployed
            site = site.replace(deployed, here)
        (self.folder / "consilium").write_text(site)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(AROUND.format(folder=self.folder, user=user))

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0
