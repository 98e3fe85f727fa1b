"""All that judging on a day needs of the database, as columns beside a target."""

import datetime
from typing import Any

from records.asof import AsOf
from targets.selectors.judging.facts import (
    override_facts,
    standing_facts,
    terms_facts,
    tolerance_facts,
)
from targets.selectors.judging.rules_in_force import rules_subquery
from targets.selectors.judging.years import years_facts


def day_facts(today: datetime.date, asof: AsOf | None = None) -> dict[str, Any]:
    """Now, or as known at the end of a day."""
    return {
        **terms_facts(asof),
        **standing_facts(asof),
        **override_facts(asof),
        **years_facts(asof),
        **tolerance_facts(asof),
        "judging": rules_subquery(today),
    }
