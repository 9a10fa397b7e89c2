"""Which files of the site's folder findbar wrote: what vanished from the federation is removed, and nothing else."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

LIST = "findbar-files.sha256"  # as `sha256sum --check` reads it
_LINE = re.compile(r"([0-9a-f]{64})  ((?:[a-z]+/)?[A-Za-z0-9][A-Za-z0-9_-]*\.(?:html|css|js))")


class Written:
    """Every file written, by its name in the folder, with the hash of its content; kept in a list in the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._now = folder, dict[str, str]()
        self._before = _listed(folder / LIST)
        self._list = (folder / LIST).open("a", encoding="utf-8", newline="")  # an interrupted build is known, too

    def write(self, name: str, text: str) -> Path:
        """Write a file, and remember it."""
        path = self._folder / name
        path.write_text(text, encoding="utf-8", newline="")
        self.add(name, text.encode())
        return path

    def add(self, name: str, content: bytes) -> None:
        """Remember a file that was written."""
        self._now[name] = hashlib.sha256(content).hexdigest()
        self._list.write(f"{self._now[name]}  {name}\n")

    def rename(self, old: str, new: str) -> None:
        """Move a file that was written."""
        (self._folder / old).rename(self._folder / new)
        self._now[new] = self._now.pop(old)

    def finish(self) -> None:
        """Remove what an earlier build wrote and this one did not; what anybody changed or added stays."""
        self._list.close()
        for name, known in self._before.items():
            if name not in self._now and _hash_of(self._folder / name) == known:
                (self._folder / name).unlink()
        lines = (f"{known}  {name}\n" for name, known in sorted(self._now.items()))
        (self._folder / LIST).write_text("".join(lines), encoding="utf-8", newline="")


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""


def _listed(file: Path) -> dict[str, str]:
    """What the list names; lines that findbar would not write are passed over."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    found = (_LINE.fullmatch(line) for line in lines)
    return {each[2]: each[1] for each in found if each}
