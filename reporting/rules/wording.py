"""Numbers and texts in the sentences of the rules. Pure."""

from decimal import Decimal

from common.formats import number, rounded, signed


def characters(text: str) -> int:
    """How many characters a text has, without blanks and line breaks."""
    return len("".join(text.split()))


def shown(value: Decimal, decimals: int) -> str:
    """With the decimals of the target, or more where more were typed."""
    exact = value.normalize().as_tuple().exponent
    return number(value, max(decimals, -exact if isinstance(exact, int) else 0))


def change(value: Decimal, decimals: int) -> str:
    """A difference with its sign; never +0.0 for what is not quite nothing."""
    while value and decimals < 4 and rounded(value, decimals) == 0:
        decimals += 1
    return signed(value, decimals)


def typing(value: Decimal) -> str:
    """A number as one would type it into a field: 78.6, 30750."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def limit(value: Decimal) -> str:
    """A threshold without superfluous zeros: 3, 4.25."""
    return typing(rounded(value, 2))
