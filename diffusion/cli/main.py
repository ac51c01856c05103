"""The command line: the group of verbs, and what is said when something is wrong."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import click

from diffusion.cli.compare import compare
from diffusion.cli.interrupts import EXIT_INTERRUPTED
from diffusion.cli.network import network
from diffusion.cli.replay import replay
from diffusion.cli.run import run
from diffusion.cli.studies import studies
from diffusion.errors import DiffusionError, nearest_name_hint

EXIT_DONE, EXIT_FAILED, EXIT_WRONG_INPUT = 0, 1, 2


class Verbs(click.Group):
    """Group the verbs, and name the nearest one where a verb is mistyped."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that the first word names.

        Raises
        ------
        click.UsageError
            If there is no such verb.
        """
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            verbs = self.list_commands(ctx)
            hint = nearest_name_hint(args[0], verbs) or f"; known: {', '.join(verbs)}"
            raise click.UsageError(f'there is no verb "{args[0]}"{hint}', ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ahsn-diffusion", prog_name="diffusion", message="%(prog)s %(version)s")
def diffusion() -> None:
    """Ask how an innovation spreads through people, had its leaders sat elsewhere.

    A first run: diffusion run scenarios/leader_positions.toml
    """


for verb in (run, compare, replay, studies, network):
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
    try:
        code = diffusion.main(args=arguments, prog_name="diffusion", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return EXIT_WRONG_INPUT
    except click.ClickException as error:
        print(_usage_line(error), file=sys.stderr)
        return EXIT_WRONG_INPUT
    except DiffusionError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except OSError as error:
        print(_file_line(error), file=sys.stderr)
        return EXIT_FAILED
    return code if isinstance(code, int) else EXIT_DONE


def _usage_line(error: click.ClickException) -> str:
    """Return what is wrong with a command in one line."""
    text = " ".join(error.format_message().split()).rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "diffusion"
    return f"{command}: {text[:1].lower()}{text[1:]}; see `{command} --help`"


def _file_line(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    advice = "; make room and try again: what was stored is kept" if error.errno == errno.ENOSPC else ""
    return f"{place}{error.strerror or error}{advice}"
