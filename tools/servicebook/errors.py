"""The ways a command can end without an answer, each with its exit code and a remedy.

Findings of rules are not errors: they are values (`Diagnostic`). These are raised where a command cannot go on.
"""

from __future__ import annotations


class ServicebookError(Exception):
    """A command cannot go on: what is wrong, and what to do. Shown as two lines, never as a traceback.

    With `params`, message and hint are English templates of the catalogue area `cli`, so that the command
    line can say them in the reader's language; `message` and `hint` hold them filled in.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "", /, **params: object) -> None:
        self.message = message.format_map(params) if params else message
        self.hint = hint.format_map(params) if params else hint
        self.templates = (message, hint)
        self.params = params
        super().__init__(self.message)


class UsageError(ServicebookError):
    """The words of the call are off."""


class SettingsError(ServicebookError):
    """The desk's settings cannot be read or say something they must not."""


class NotADeskError(ServicebookError):
    """There is no Git repository here, or none with a desk in it."""


class FindingsError(ServicebookError):
    """The command would write something that the rules refuse; nothing was written."""

    exit_code = 1


class CannotDecideError(ServicebookError):
    """Evidence is missing, such as the history of a shallow clone."""

    exit_code = 4
