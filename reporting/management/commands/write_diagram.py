"""manage.py write_diagram: writes the transition tables as diagrams into docs/填报流程.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reporting.workflow import diagram, matter_diagram

BEGIN, END = "<!-- 流程图由 manage.py write_diagram 生成，不要手改 -->", "<!-- 流程图到此 -->"


class Command(BaseCommand):
    help = "按 reporting/workflow.py 的流程表重写 docs/填报流程.md 里的流程图"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        path = document()
        path.write_text(drawn(path.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(f"已写入{path.relative_to(settings.BASE_DIR)}")


def document() -> Path:
    """The document that holds the diagrams."""
    return Path(settings.BASE_DIR) / "docs" / "填报流程.md"


def drawn(text: str) -> str:
    """The text with the diagrams between its marks replaced by those of the current tables."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    item, matter = (f"```mermaid\n{draw()}```" for draw in (diagram, matter_diagram))
    return f"{before}{BEGIN}\n\n{item}\n\n事项的流程：\n\n{matter}\n\n{END}{after}"
