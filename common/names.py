"""Names of bodies compared without regard to how they are printed."""

import re
import unicodedata

_BRACKETS = str.maketrans("〔【［「『", "(((((") | str.maketrans("〕】］」』", ")))))")


def name_key(text: str) -> str:
    """The form in which two spellings of one name are equal: width, brackets, spaces, case."""
    folded = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    return re.sub(r"\s+", "", folded).casefold()
