"""Where pictures lie: files under VAR_DIR, each named by what is in it.

Several machines share the folder, or one of them serves uploads. A file is whole or not there:
it is written beside its place and moved into it.

A file is kept before the row that names it is there, and two rows may name one file. So a file is
touched whenever it is kept, and only what nobody has touched for a while is ever removed.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from softfactory.kernel.pictures.picture import EXTENSIONS, Picture

NAME = re.compile(r"[0-9a-f]{40}\.(?:jpg|png|webp|gif)")
# A file that is about to be removed, and when somebody last looked after the shelf.
ASIDE = ".aside"
ROUND = ".looked-after"
TYPES = {extension: content_type for content_type, extension in EXTENSIONS.items()}


class Shelf:
    """A folder of pictures that are for everybody, or for whom an app lets see them."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def keep(self, picture: Picture) -> str:
        """Write a picture, or touch it if it lies there; returns its name,
        `<digest>.<extension>`.
        """
        digest = hashlib.sha256(picture.content).hexdigest()[:40]
        name = f"{digest}.{EXTENSIONS[picture.content_type]}"
        self.keep_as(name, picture)
        return name

    def keep_as(self, name: str, picture: Picture) -> None:
        """Write a picture by the name of what it is made of, which says all of how it looks."""
        path = self.path(name)
        try:
            os.utime(path)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, picture.content)

    def read(self, name: str) -> bytes:
        """Return the file's bytes. Raises FileNotFoundError, for what is no name too."""
        return self.path(name).read_bytes()

    def forget(self, name: str, *, kept_before: datetime) -> bool:
        """Remove a file that no row names, unless somebody has kept it since; tell whether it is
        gone.

        It is put aside first: who keeps it from then on writes it anew, and who did just before is
        seen by the time of the file, which is put back.
        """
        path = self.path(name)
        aside = path.with_suffix(ASIDE)
        try:
            path.rename(aside)
            is_old = aside.stat().st_mtime < kept_before.timestamp()
            aside.unlink() if is_old else aside.replace(path)
        except FileNotFoundError:  # somebody else was faster
            return False
        return is_old

    def names(self) -> set[str]:
        """Return the names of all that lies there."""
        return {path.name for path in self._files() if NAME.fullmatch(path.name)}

    def clear_leftovers(self, *, before: datetime) -> None:
        """Remove what somebody was writing, or putting aside, who was killed then."""
        for path in self._files():
            with suppress(FileNotFoundError):
                is_left = not NAME.fullmatch(path.name)
                if is_left and path.stat().st_mtime < before.timestamp():
                    path.unlink()

    def begin_round(self, *, every: timedelta, now: datetime) -> bool:
        """Tell whether somebody is to look after the shelf again, who has begun with that now."""
        mark = self._root / ROUND
        try:
            since = now - datetime.fromtimestamp(mark.stat().st_mtime, UTC)
        except FileNotFoundError:
            self._root.mkdir(parents=True, exist_ok=True)
            mark.touch()
        else:
            if timedelta() <= since < every:
                return False
        os.utime(mark, (now.timestamp(), now.timestamp()))
        return True

    def path(self, name: str) -> Path:
        """Return where a file lies. Raises FileNotFoundError for what is no name of ours."""
        if not NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return self._root / name[:2] / name

    @property
    def _root(self) -> Path:
        return Path(settings.VAR_DIR) / "media" / self._folder

    def _files(self) -> Iterator[Path]:
        return self._root.glob("??/*")


def content_type_of(name: str) -> str:
    """Return the content type that a name ends in."""
    return TYPES[name.rpartition(".")[2]]


def _write(path: Path, content: bytes) -> None:
    handle, written = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(written).chmod(0o644)
        Path(written).replace(path)
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise


PUBLIC = Shelf("public")
PRIVATE = Shelf("private")
SHARED = Shelf("shared")  # of links; whatever is lost there is made again
