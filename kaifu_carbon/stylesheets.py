"""Static files as a deployment serves them: hashed, compressed, the site's stylesheets as one."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from rcssmin import cssmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

SITE = "css/site.css"
_IMPORT = re.compile(r'@import "([\w-]+\.css)";')

Files = dict[str, tuple[Any, str]]


class OneStylesheetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Puts the sheets that SITE imports into it: one request. All are sent without comments and
    line breaks."""

    def post_process(self, paths: Files, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            for name in [name for name in paths if name.startswith("css/")]:
                self._minify(paths, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _minify(self, paths: Files, name: str) -> None:
        text = _inlined(paths) if name == SITE else _text(paths, name)
        self.delete(name)
        paths[name] = (self, self.save(name, ContentFile(cssmin(text).encode())))


def _inlined(paths: Files) -> str:
    return _IMPORT.sub(lambda found: _text(paths, f"css/{found[1]}"), _text(paths, SITE))


def _text(paths: Files, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
