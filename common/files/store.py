"""Files on disk under the hash of their content: private, written whole or not at all."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_HASH = re.compile(r"[0-9a-f]{64}")
_PART = re.compile(r"[0-9a-f]{2}")
_CHUNK = 256 * 1024
_INCOMING = "incoming"
DAY_SECONDS = 24 * 60 * 60


class StoreError(OSError):
    """A file could not be written; the message is one Chinese sentence."""

    def __init__(self) -> None:
        super().__init__(
            "服务器没有存下这份文件（磁盘已满或不能写入），把这句话告诉双碳办，处理后重新上传。"
        )


class DamagedError(ValueError):
    """A stored file is missing, or is not what was stored."""


@dataclass(frozen=True)
class Stored:
    """A file as it was stored."""

    sha256: str
    size: int


class FileStore:
    """A folder of files `<first two letters>/<sha256>`; half-written ones stay in `incoming`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the content of this hash lies. Raises DamagedError for anything but a hash."""
        if not _HASH.fullmatch(sha256):
            raise DamagedError(sha256)
        return self.root / sha256[:2] / sha256

    def put(
        self, chunks: Iterable[bytes], *, check: Callable[[Path], None] = lambda _: None
    ) -> Stored:
        """Store a content; it is on the disk when this returns. Raises StoreError.

        `check` looks at the whole file before it is put in place, and raises what it wants.
        The same content is put in place anew: that heals a damaged file and keeps a forgotten one
        from being swept as old.
        """
        try:
            incoming = self._folder(self.root / _INCOMING) / secrets.token_hex(16)
            try:
                stored = _write(incoming, chunks)
                check(incoming)
                folder = self._folder(self.root / stored.sha256[:2])
                incoming.replace(folder / stored.sha256)
                _sync_folder(folder)
            finally:
                incoming.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError from error
        return stored

    def open(self, sha256: str, size: int) -> BinaryIO:
        """The file, open at its start, after its whole content was checked. Raises DamagedError.

        What is read later is what was checked: a file is exchanged only by another of its content.
        """
        try:
            file = self.path(sha256).open("rb")
            if os.fstat(file.fileno()).st_size == size and _hash_of(file) == sha256:
                file.seek(0)
                return file
            file.close()
        except OSError as error:
            raise DamagedError(sha256) from error
        raise DamagedError(sha256)

    def is_whole(self, sha256: str, size: int) -> bool:
        """Whether the file is there, and is what was stored."""
        try:
            self.open(sha256, size).close()
        except DamagedError:
            return False
        return True

    def has(self, sha256: str) -> bool:
        """Whether there is a file under this hash, whatever it holds."""
        return self.path(sha256).exists()

    def contents(self) -> Iterator[str]:
        """The hashes under which there are files."""
        for path in self._files():
            if path.parent.name != _INCOMING:
                yield path.name

    def leftovers(self, *, older_than: float = DAY_SECONDS) -> Iterator[Path]:
        """Files that were never finished: a process was killed while it wrote them."""
        for path in self._files():
            if path.parent.name == _INCOMING and _age(path) > older_than:
                yield path

    def sweep(self, sha256: str, *, older_than: float = DAY_SECONDS) -> bool:
        """Remove a file that nobody refers to; False if it is younger.

        It is put aside before its age is read: one that was stored again at this moment stays.
        """
        path = self.path(sha256)
        aside = self._folder(self.root / _INCOMING) / secrets.token_hex(16)
        try:
            path.rename(aside)
        except FileNotFoundError:
            return False
        if _age(aside) > older_than:
            aside.unlink()
            return True
        aside.replace(path)
        return False

    def _files(self) -> Iterator[Path]:
        if not self.root.is_dir():
            return
        for folder in sorted(self.root.iterdir()):
            if folder.is_dir() and (folder.name == _INCOMING or _PART.fullmatch(folder.name)):
                yield from sorted(path for path in folder.iterdir() if path.is_file())

    def _folder(self, folder: Path) -> Path:
        if not folder.is_dir():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(self.root)
        return folder


def _write(path: Path, chunks: Iterable[bytes]) -> Stored:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Stored(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    """Without it a name may be lost when the power fails, though its content is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hash_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0
