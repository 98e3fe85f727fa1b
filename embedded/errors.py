"""The one exception that is shown to the person at the terminal."""


class SetupError(Exception):
    """Its text is a sentence that says what is wrong and what to do."""
