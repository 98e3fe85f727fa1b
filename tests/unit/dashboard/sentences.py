"""Sentences of the overview as their readers read them."""

from collections.abc import Iterable

from dashboard.rules.overview.phrases import Phrase


def plain_text(phrases: Iterable[Phrase]) -> str:
    """The sentence as text."""
    return "".join(phrase.text for phrase in phrases)
