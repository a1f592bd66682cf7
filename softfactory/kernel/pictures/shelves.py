"""Where pictures lie: files under VAR_DIR, each named by what is in it.

Several machines share the folder, or one of them serves uploads. A file is whole or not there:
it is written beside its place and moved into it.
"""

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from softfactory.kernel.pictures.picture import EXTENSIONS, Picture

NAME = re.compile(r"[0-9a-f]{40}\.(?:jpg|png|webp|gif)")
TYPES = {extension: content_type for content_type, extension in EXTENSIONS.items()}


class Shelf:
    """A folder of pictures that are for everybody, or for whom an app lets see them."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def keep(self, picture: Picture) -> str:
        """Write a picture that lies nowhere yet; returns its name, `<digest>.<extension>`."""
        digest = hashlib.sha256(picture.content).hexdigest()[:40]
        name = f"{digest}.{EXTENSIONS[picture.content_type]}"
        self.keep_as(name, picture)
        return name

    def keep_as(self, name: str, picture: Picture) -> None:
        """Write a picture by the name of what it is made of, which says all of how it looks."""
        path = self.path(name)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, picture.content)

    def read(self, name: str) -> bytes:
        """Return the file's bytes. Raises FileNotFoundError, for what is no name too."""
        return self.path(name).read_bytes()

    def forget(self, name: str) -> None:
        """Remove a file. The caller knows that no row names it any more."""
        with suppress(FileNotFoundError):
            self.path(name).unlink()

    def path(self, name: str) -> Path:
        """Return where a file lies. Raises FileNotFoundError for what is no name of ours."""
        if not NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return Path(settings.VAR_DIR) / "media" / self._folder / name[:2] / name


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
