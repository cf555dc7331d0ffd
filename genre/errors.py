"""Errors that a person can cause and mend."""


class UserError(Exception):
    """A mistake of the person at the keyboard: its text is one line that says what is wrong and what to do.

    Entry points print the text without a traceback and end with exit code 2.
    """
