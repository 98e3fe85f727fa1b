"""The plan as data, in fixtures/: text, annex workbooks, agencies, categories, targets."""

import datetime
import json
from decimal import Decimal
from typing import Any

from django.conf import settings

FOLDER = settings.BASE_DIR / "fixtures"
ANNEXES = ("annex1_key_items.xlsx", "annex2_key_projects.xlsx")


def read_json(*, name: str) -> Any:
    """The contents of fixtures/<name>.json."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def read_text() -> str:
    """The published text of the plan."""
    return (FOLDER / "plan.txt").read_text(encoding="utf-8")


def decimal(*, text: str | None) -> Decimal | None:
    """A number as printed; None stays None."""
    return None if text is None else Decimal(text)


def day(*, text: str | None) -> datetime.date | None:
    """A date as 2025-12-31; None stays None."""
    return None if text is None else datetime.date.fromisoformat(text)
