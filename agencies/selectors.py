"""Reads over agencies that other apps ask for."""

from agencies.choices import GROUP_KINDS
from agencies.models import Agency, AgencyAlias
from common.names import KnownNames


def known_names() -> KnownNames:
    """Every spelling of every agency: name, short and full name, aliases. Two statements."""
    agencies = list(Agency.objects.values_list("name", "short_name", "full_name", "kind"))
    spellings = list(AgencyAlias.objects.values_list("text", "agency__name"))
    for name, short_name, full_name, _ in agencies:
        spellings += [(text, name) for text in (name, short_name, full_name) if text]
    return KnownNames.of(spellings, (name for name, *_, kind in agencies if kind in GROUP_KINDS))
