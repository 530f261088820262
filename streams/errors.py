"""The one error that is not a bug."""


class UserError(ValueError):
    """What whoever runs Torugart can mend: a setting, a file, an option, what is in Kafka. The message is one clear line that
    names it (or a `text.Block`).

    A command that raises one prints the line and ends with exit code 2. Whatever else is raised is a bug of ours: the command
    logs its traceback and ends with exit code 1. So a function whose input comes from outside raises this, or a class of its
    own below this, and not a bare ValueError, KeyError or OSError.
    """
