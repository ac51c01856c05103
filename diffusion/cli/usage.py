"""What is said of a command that is not understood: one line, with the nearest known word."""

from __future__ import annotations

import click

from diffusion.errors import nearest_name_hint


class Verbs(click.Group):
    """Group verbs, and name the nearest one where a verb is mistyped."""

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


def usage_line(error: click.ClickException) -> str:
    """Return what is wrong with a command in one line."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "diffusion"
    return f"{command}: {_what_is_wrong(error, context)}; see `{command} --help`"


def _what_is_wrong(error: click.ClickException, context: click.Context | None) -> str:
    if isinstance(error, click.NoSuchOption):
        options = [name for parameter in context.command.params for name in parameter.opts] if context else []
        return f'there is no option "{error.option_name}"{nearest_name_hint(error.option_name, options)}'
    if isinstance(error, click.MissingParameter) and isinstance(error.param, click.Option):
        return f"{error.param.opts[-1]} is missing"
    if isinstance(error, click.MissingParameter) and isinstance(error.param, click.Argument):
        return f"{error.param.human_readable_name.upper()} is missing"
    text = " ".join(error.format_message().split()).rstrip(".")
    return text[:1].lower() + text[1:]
