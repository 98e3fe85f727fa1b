"""The token of a workbook, signed with the key of this installation."""

from django.core.signing import BadSignature, Signer

from reporting.workbooks.rules.layout import Token

_SIGNER = "reporting.workbooks"


def signed(token: Token) -> str:
    """The token with its signature, as it travels in the file."""
    return Signer(salt=_SIGNER).sign(str(token))


def read_token(text: str) -> Token | None:
    """The token of a text found in a file; None unless this installation signed it."""
    try:
        return Token.parse(Signer(salt=_SIGNER).unsign(text.strip()))
    except BadSignature:
        return None
