"""A disk that is soon full: a small file system of its own where one may mount one, else a bound on what the server
may write to one file."""

import contextlib
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SIZE = 12 * 1024 * 1024


class SmallDisk:
    """`folder` lies on it. `fill` leaves no room for the server's next page, `free` gives it back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={SIZE},mode=700,uid={os.getuid()}", "tmpfs", str(folder)]
        mount = shutil.which("mount")
        self.is_mounted = mount is not None and subprocess.run([mount, *options], capture_output=True).returncode == 0

    def fill(self, server_pid: int) -> None:
        if not self.is_mounted:
            self._bound(server_pid, 4096)
            return
        with (self.folder / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            for piece in (1 << 16, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while True:
                        ballast.write(b"x" * piece)

    def free(self, server_pid: int) -> None:
        if self.is_mounted:
            (self.folder / "ballast").unlink()
        else:
            self._bound(server_pid, resource.RLIM_INFINITY)

    def _bound(self, server_pid: int, most: int) -> None:
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.getpgid(int(entry.name)) == server_pid:
                    _soft, hard = resource.prlimit(int(entry.name), resource.RLIMIT_FSIZE)
                    resource.prlimit(int(entry.name), resource.RLIMIT_FSIZE, (most, hard))

    def remove(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    disk = SmallDisk(folder)
    try:
        yield disk
    finally:
        disk.remove()
