"""What judging on a day needs from the database, as annotations of a target."""

import datetime
from typing import Any

from records.asof import AsOf
from targets.selectors.judging.facts import (
    OVERRIDES,
    STANDINGS,
    terms_facts,
    tolerance_facts,
)
from targets.selectors.judging.rules_in_force import JUDGING
from targets.selectors.judging.years import years_facts


def day_facts(today: datetime.date, asof: AsOf | None = None) -> dict[str, Any]:
    """The annotations for now, or as known at the end of a day."""
    return {
        **terms_facts(asof),
        **STANDINGS.column(asof),
        **OVERRIDES.column(asof),
        **years_facts(asof),
        **tolerance_facts(asof),
        **JUDGING.column(today),
    }
