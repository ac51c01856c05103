"""XML from strangers as a tree of elements that know their lines, read safely.

Entities are refused where they are declared, so none is expanded; no external
definition is fetched; and elements may stand inside each other only so deep.
The encoding is the declared one, or UTF-16 or UTF-8, as the bytes say.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers.expat import errors

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from diffusion.network.formats.problems import Problems
from diffusion.network.formats.text import Text, decoded

DEEPEST = 100
"""How deep elements may stand inside each other; files of networks have a dozen levels."""

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_TOLD_BY_BYTES = re.compile(r"utf-?_?(8|16)|u[78]|ascii", re.IGNORECASE)
_NO_ENCODINGS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
_ENTITY = re.compile(r"&(?!#|(amp|lt|gt|quot|apos);)")
_REASONS = {
    errors.XML_ERROR_BAD_CHAR_REF: "XML cannot hold the character that a reference names",
    errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "an attribute is given twice",
    errors.XML_ERROR_INVALID_TOKEN: 'a mark cannot stand here; "&" and "<" in texts are written "&amp;" and "&lt;"',
    errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "something stands behind the end",
    errors.XML_ERROR_TAG_MISMATCH: "an element ends that is not the one that began last",
    errors.XML_ERROR_UNBOUND_PREFIX: "the prefix of a name is not declared",
    errors.XML_ERROR_UNDEFINED_ENTITY: "an entity is not declared",
}


@dataclass(slots=True)
class Element:
    """Hold one element.

    Attributes
    ----------
    name, namespace
        What it is called, without its prefix, and the namespace of that; often none.
    line
        Where it begins, from 1.
    attributes
        Its attributes by name, without their prefixes.
    text
        The text right inside of it, before, between and behind its children.
    children
        The elements right inside of it.
    """

    name: str
    namespace: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute by name, or the default where it is missing."""
        return self.attributes.get(name, default)

    def all(self, name: str) -> Iterator[Element]:
        """Yield the children of a name."""
        return (child for child in self.children if child.name == name)

    def walk(self) -> Iterator[Element]:
        """Yield the element and all that are inside of it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()

    def whole_text(self) -> str:
        """Return the text inside of the element and of all that are inside of it."""
        return "".join(element.text for element in self.walk())


@dataclass(slots=True)
class Xml:
    """Hold what an XML file says.

    Attributes
    ----------
    root
        The outermost element.
    instructions
        What processing instructions say, by their targets.
    notes
        What was assumed of the encoding, a line each.
    """

    root: Element
    instructions: dict[str, str]
    notes: list[str]


Taker = Callable[[Element, Sequence[Element]], bool]
"""Take an element that has ended, given those around it from the outermost inwards; tell whether it was taken."""


def xml_of(path: Path, content: bytes, problems: Problems, *, kind: str, take: Taker) -> Xml | None:
    """Return what XML says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    path
        The file, for problems.
    content
        What is in it.
    problems
        Where problems go.
    kind
        What the file should be, for the sentence on entities, which no such file declares.
    take
        What is called with every element; those that it takes are left out of
        the tree, so that a file of a million ties fits into memory.
    """
    text = _text(path, content, problems)
    if text is None:
        return None
    builder = _Builder(take)
    parser = XMLParser(target=builder)
    builder.position = parser.parser
    try:
        parser.feed(text.text)
        root = parser.close()
        unknown = _ENTITY.search(text.text) if builder.has_outer_definition else None
    except DefusedXmlException:
        line = builder.position.CurrentLineNumber
        problems.add(path, line, f"the XML declares entities, which no {kind} does; it is refused")
    except _TooDeepError:
        said = f"the elements of the XML stand inside each other more than {DEEPEST} deep; it is refused"
        problems.add(path, builder.position.CurrentLineNumber, said)
    except ParseError as error:
        reason = _REASONS.get(errors.messages.get(error.code, ""), "")
        said = f"the XML is damaged or breaks off here{': ' if reason else ''}{reason}; save or export the file anew"
        problems.add(path, error.position[0], said)
    else:
        if unknown is None:
            return Xml(root, builder.instructions, text.notes)
        line = text.text.count("\n", 0, unknown.start()) + 1
        problems.add(path, line, "an entity stands here that only another file declares, and no other file is fetched")
    return None


class _TooDeepError(ValueError):
    """Say that elements stand too deep inside each other."""


class _Builder:
    """Build a tree of what a parser finds."""

    def __init__(self, take: Taker) -> None:
        self.position: Any = None
        self.has_outer_definition = False
        self.instructions: dict[str, str] = {}
        self._take = take
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._root: Element | None = None
        self._said: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if len(self._open) >= DEEPEST:
            raise _TooDeepError
        namespace, _, name = tag.rpartition("}")
        once = self._said.setdefault  # ids and layers stand in many places; each is kept once
        said = {key.rpartition("}")[2]: once(value, value) for key, value in attributes.items() if "}" in key}
        said.update((key, once(value, value)) for key, value in attributes.items() if "}" not in key)
        element = Element(name, namespace[1:], self.position.CurrentLineNumber, said)
        self._root = self._root or element
        self._open.append(element)
        self._texts.append([])

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser checks which element ends
        """End the element that began last."""
        element, text = self._open.pop(), "".join(self._texts.pop())
        element.text = self._said.setdefault(text, text)
        if self._open and not self._take(element, self._open):
            self._open[-1].children.append(element)

    def data(self, text: str) -> None:
        """Take a piece of text."""
        self._texts[-1].append(text)

    def pi(self, target: str, text: str = "") -> None:
        """Take a processing instruction."""
        self.instructions[target] = text

    def doctype(self, name: str, public: str | None, system: str | None) -> None:  # noqa: ARG002 - as it is called
        """Take the declaration of what the file is; an entity that it leaves to another file is passed over."""
        self.has_outer_definition = bool(public or system)

    def close(self) -> Element | None:
        """Return the outermost element."""
        return self._root


def _text(path: Path, content: bytes, problems: Problems) -> Text | None:
    """Return the text of a file in the encoding that it declares, or that its bytes tell, as they do of UTF-16."""
    found = _DECLARED.match(content.removeprefix(codecs.BOM_UTF8))
    name = found[1].decode() if found else ""
    if not name or _TOLD_BY_BYTES.fullmatch(name) or content.startswith(codecs.BOM_UTF8):
        return decoded(content, path, problems)
    try:
        if codecs.lookup(name).name.replace("_", "-") in _NO_ENCODINGS:
            raise LookupError  # noqa: TRY301 - to be told as an unknown one
        return Text(content.decode(name), [])
    except LookupError:
        problems.add(path, 1, f'the XML names an encoding that is not known, "{name}"; save the file as UTF-8')
    except UnicodeError as error:
        line = content.count(b"\n", 0, getattr(error, "start", 0)) + 1
        problems.add(path, line, f"the text is not in {name}, as its first line says; save the file as UTF-8")
    return None
