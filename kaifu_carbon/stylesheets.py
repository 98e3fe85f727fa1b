"""Static files as a deployment serves them: hashed, compressed, the site's stylesheets as one."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SITE = "css/site.css"
_IMPORT = re.compile(r'^@import "([\w-]+\.css)";\n', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)

Files = dict[str, tuple[Any, str]]


class OneStylesheetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Puts the sheets that SITE imports into it, without comments: one request, half the bytes."""

    def post_process(self, paths: Files, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if SITE in paths and not dry_run:
            whole = ContentFile(_COMMENT.sub("", _inlined(paths)).encode())
            self.delete(SITE)
            paths[SITE] = (self, self.save(SITE, whole))
        yield from super().post_process(paths, dry_run=dry_run, **options)


def _inlined(paths: Files) -> str:
    return _IMPORT.sub(lambda found: _text(paths, f"css/{found[1]}"), _text(paths, SITE))


def _text(paths: Files, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
