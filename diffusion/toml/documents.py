"""A TOML file as a document that can say where each of its keys stands, and what is wrong with it."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from diffusion.errors import InputError, nearest_name_hint
from diffusion.toml.lines import KeyPath, TomlLines

Model = TypeVar("Model", bound=BaseModel)

_WHERE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_TABLE = re.compile(r"\((?:'[^']*',? ?)+\)")  # how tomllib names a table: ('adoption',)
_PART = re.compile(r"'([^']*)'")
_ADVICE = (
    (re.compile(r"\.\d"), "a number needs a digit before its point: write 0.5, not .5"),
    (re.compile(r",\d"), "the decimal mark is a point: write 0.5, not 0,5"),
    (re.compile("%"), "write a share: 0.5, not 50 %"),
    (re.compile("[\u2018-\u201f]"), 'write straight quotation marks: "text"'),
    (re.compile("(?i)(true|false)\\b"), "write true and false in small letters"),
    (re.compile(r"[^\W\d_]"), 'text needs quotation marks: "text"'),
)
"""What to do about what stands where a text stops being TOML."""


@dataclass
class TomlDocument:
    """Hold what a TOML file says, where each key stands, and what was found wrong with it.

    Attributes
    ----------
    path
        The file.
    text
        Its text as it is written.
    table
        What it says, with all text in Unicode's composed form.
    lines
        Where each key and element stands.
    """

    path: Path
    text: str
    table: dict[str, Any]
    lines: TomlLines
    _problems: dict[tuple[int, str], None] = field(default_factory=dict)

    def complain(self, place: KeyPath, words: str) -> None:
        """Note a problem with a key, to be raised by :meth:`check`.

        Parameters
        ----------
        place
            The key's path; empty for the whole file.
        words
            What must hold and what came.
        """
        line = self.lines.line(place)
        key = f" {key_text(place)}:" if place else ""
        self._problems[line, f"{self.path}:{line}:{key} {words}"] = None

    def check(self) -> None:
        """Raise every problem that was noted.

        Raises
        ------
        InputError
            If there is any; in the order of lines.
        """
        if self._problems:
            raise InputError([text for _, text in sorted(self._problems, key=lambda problem: problem[0])])

    def model(self, model: type[Model]) -> Model:
        """Return what the file says as a model, with every problem told at once.

        Parameters
        ----------
        model
            Which keys there are and what each must hold. It forbids extra keys.

        Raises
        ------
        InputError
            With a line for every key that is unknown, missing or holds what it must not.
        """
        try:
            checked = model.model_validate(self.table)
        except ValidationError as error:
            for place, words in _model_problems(error, model):
                self.complain(place, words)
        self.check()
        return checked


def read_toml(path: Path, *, what: str, needs: str) -> TomlDocument:
    """Read a TOML file.

    Parameters
    ----------
    path
        The file.
    what
        What the file is, in words ("scenario", "recipe"), for messages.
    needs
        What such a file needs, for the message about an empty one.

    Raises
    ------
    InputError
        If it cannot be read, is no UTF-8 text or no TOML.
    """
    return parsed_toml(_file_text(path, what, needs), path, what=what)


def parsed_toml(written: str, path: Path, *, what: str) -> TomlDocument:
    """Return the document that a text is.

    Parameters
    ----------
    written
        The text.
    path
        What the file is called in messages.
    what
        What the file is, in words ("scenario", "recipe"), for messages.

    Raises
    ------
    InputError
        If it is no TOML.
    """
    normal = unicodedata.normalize("NFC", written)
    try:
        table = tomllib.loads(normal)
    except ValueError as error:  # not valid TOML, or a number of thousands of digits
        raise InputError(_syntax_problem(path, normal, str(error))) from None
    except RecursionError:
        raise InputError(
            f"{path}: lists or tables lie too deep inside each other; a {what} needs three levels"
        ) from None
    return TomlDocument(path, written, table, TomlLines(normal))


def bare(key: str) -> str:
    """Return a key as TOML would write it.

    Examples
    --------
    >>> bare("ties"), bare("two words")
    ('ties', '"two words"')
    """
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def key_text(place: KeyPath) -> str:
    """Return a key path as a reader would write it, with elements of lists counted from 1.

    Examples
    --------
    >>> key_text(("sheets", 0, "file"))
    'sheets[1].file'
    """
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{bare(part)}" for part in place]
    return "".join(parts).removeprefix(".")


def shown(value: object) -> str:
    """Return a value as TOML would write it, on one line of at most 60 characters.

    Examples
    --------
    >>> shown({"uniform": [0, True]})
    '{ uniform = [0, true] }'
    """
    text = _toml(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(said)}" for key, said in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(element) for element in value) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _file_text(path: Path, what: str, needs: str) -> str:
    try:
        content = path.read_bytes()
        written = content.decode("utf-8-sig")
    except FileNotFoundError:
        there = [near.name for near in path.parent.glob("*.toml")]
        hint = nearest_name_hint(path.name, there) or nearest_name_hint(f"{path.name}.toml", there)
        raise InputError(f"{path}: there is no such {what} file{hint}") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name the {what} file (.toml) in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"0x{content[error.start]:02x}"
        raise InputError(f"{path}:{line}: must be UTF-8 text; got the byte {byte}; save the file as UTF-8") from None
    if not written.strip():
        raise InputError(f"{path}: is empty; a {what} needs {needs}")
    return written


def _syntax_problem(path: Path, text: str, message: str) -> str:
    lines = text.split("\n")
    line, aside = len(text.rstrip().split("\n")), ""
    if where := _WHERE.search(message):
        message = message[: where.start()]
        if where["line"]:
            line, column = int(where["line"]), int(where["column"])
            aside = f" (column {column}){_advice(lines[line - 1][column - 1 :], message)}"
        else:
            aside = " (at the end of the file)"
    message = _TABLE.sub(lambda table: f"[{'.'.join(_PART.findall(table[0]))}]", message)
    return f"{path}:{line}: not valid TOML: {' '.join(message.split())}{aside}"


def _advice(rest: str, message: str) -> str:
    """Return what to do about the rest of a line that is not understood, or an empty text."""
    if not message.startswith(("Invalid value", "Expected newline")):
        return ""
    return next((f"; {words}" for pattern, words in _ADVICE if pattern.match(rest)), "")


def _model_problems(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[KeyPath, str]]:
    for problem in error.errors(include_url=False):
        place = problem["loc"]
        if problem["type"] == "extra_forbidden":
            yield place, _unknown_key(str(place[-1]), _known_keys(model, place[:-1]))
        elif problem["type"] == "missing":
            yield place, "is missing"
        else:
            yield place, f"must be {_what_must_hold(problem)}; got {shown(problem['input'])}"


def _unknown_key(name: str, known: Sequence[str]) -> str:
    return f"unknown key{nearest_name_hint(name, known) or '; known here are ' + ', '.join(known)}"


def _known_keys(model: type[BaseModel], place: KeyPath) -> tuple[str, ...]:
    """Return the keys that the table at a place may have."""
    for part in place:
        if isinstance(part, int) or part not in model.model_fields:
            continue  # an element of a list, or a name that the user chose: the model is that of the elements
        inner = _inner_model(model.model_fields[part].annotation)
        model = inner or model
    return tuple(entry.alias or name for name, entry in model.model_fields.items())


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model inside an annotation such as ``dict[str, Model]`` or ``Model | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_inner_model(argument) for argument in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found), None)


_KINDS = {
    "string_type": "a text in quotation marks",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "string_too_short": "a text that is not empty",
}


def _what_must_hold(problem: ErrorDetails) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in _KINDS:
        return _KINDS[kind]
    if kind == "literal_error":
        return f"one of {context['expected'].replace(chr(39), chr(34))}"
    bounds = {"greater_than": "above", "greater_than_equal": "at least", "less_than": "below"}
    if kind in bounds or kind == "less_than_equal":
        return f"a number {bounds.get(kind, 'at most')} {next(iter(context.values()))}"
    if kind == "too_short":
        return f"a list of at least {context['min_length']}"
    if kind == "value_error":
        return str(context["error"]).removeprefix("must be ")
    return f"right ({problem['msg'].lower()})"
