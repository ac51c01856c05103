"""The command line: the group of verbs, and what is said when something is wrong."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from diffusion.cli.compare import compare
from diffusion.cli.interrupts import EXIT_INTERRUPTED
from diffusion.cli.network import network
from diffusion.cli.replay import replay
from diffusion.cli.report import report
from diffusion.cli.run import run
from diffusion.cli.serve import serve
from diffusion.cli.studies import studies
from diffusion.cli.usage import Verbs, usage_line
from diffusion.errors import DiffusionError

EXIT_DONE, EXIT_FAILED, EXIT_WRONG_INPUT = 0, 1, 2

_ELSEWHERE = "; write to a folder that you may change"
_ADVICE = {
    errno.ENOSPC: "; make room and try again: what was stored is kept",
    errno.EACCES: _ELSEWHERE,
    errno.EPERM: _ELSEWHERE,
    errno.EROFS: _ELSEWHERE,
    errno.ENAMETOOLONG: "; take a shorter one",
    errno.ENOENT: "; make the folder first, or name another",
}
"""What to do about a file that cannot be written: readers tell of their files themselves."""


@click.group(cls=Verbs, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ahsn-diffusion", prog_name="diffusion", message="%(prog)s %(version)s")
def diffusion() -> None:
    """Ask how an innovation spreads through people, had its leaders sat elsewhere.

    A first run: diffusion run scenarios/leader_positions.toml
    """


for verb in (run, compare, replay, report, studies, network, serve):
    diffusion.add_command(verb)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command and return its exit code.

    Parameters
    ----------
    arguments
        The words after the program's name; those of the process by default.

    Returns
    -------
    0 if it was done, 2 if the input is wrong, 130 after Ctrl-C, 1 for anything else.
    """
    if sys.stdout is None:  # closed by whoever called
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # a pipe on Windows is not, and names are in every language
    try:
        code = diffusion.main(args=arguments, prog_name="diffusion", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except (click.ClickException, DiffusionError, OSError) as error:
        text, code = _told(error)
        print(text, file=sys.stderr)
    return code if isinstance(code, int) else EXIT_DONE


def _told(error: click.ClickException | DiffusionError | OSError) -> tuple[str, int]:
    """Return what to say of an error, and the exit code."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message(), EXIT_WRONG_INPUT
    if isinstance(error, click.ClickException):
        return usage_line(error), EXIT_WRONG_INPUT
    if isinstance(error, DiffusionError):
        return str(error), error.exit_code
    return _file_line(error), EXIT_FAILED


def _file_line(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}{_ADVICE.get(error.errno or 0, '')}"
