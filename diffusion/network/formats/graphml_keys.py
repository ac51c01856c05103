"""The keys of a GraphML file: which attributes nodes, edges and the graph have, and what they are by default."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.marks import unique
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.xml_text import Element
from diffusion.network.network import normalized

DOMAINS = ("node", "edge", "graph", "all", "graphml", "hyperedge", "port", "endpoint")


@dataclass(frozen=True, slots=True)
class Key:
    """Hold one key.

    Attributes
    ----------
    name
        What the attribute is called, different for each key of a domain.
    default
        What holds where nothing is said; ``None`` if nothing does.
    drawing
        Whether it says how things are drawn.
    """

    name: str
    default: str | None
    drawing: bool


@dataclass(slots=True)
class Keys:
    """Hold the keys of a file.

    Attributes
    ----------
    path
        The file.
    problems
        Where problems go.
    by_domain
        The keys by what they are for and by id.
    notes
        What was assumed, a line each.
    """

    path: Path
    problems: Problems
    by_domain: dict[str, dict[str, Key]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _unknown: set[str] = field(default_factory=set)
    _defaults: dict[str, dict[str, str]] = field(default_factory=dict)

    def names(self, domain: str) -> list[str]:
        """Return the names of the attributes of a domain, of all where none is given, but for drawings."""
        domains = [domain] if domain else list(self.by_domain)
        return [key.name for each in domains for key in self.by_domain.get(each, {}).values() if not key.drawing]

    def defaults(self, domain: str) -> dict[str, str]:
        """Return what holds by default for a domain, by attribute."""
        if domain not in self._defaults:
            keys = [*self.by_domain.get("all", {}).values(), *self.by_domain.get(domain, {}).values()]
            self._defaults[domain] = {key.name: key.default for key in keys if key.default is not None}
        return self._defaults[domain]

    def name_of(self, data: Element, domain: str) -> str | None:
        """Return what the attribute that data states is called; ``None`` for a drawing, or having noted a problem."""
        key_id = data.get("key")
        if not key_id:
            self.problems.add(self.path, data.line, "the data has no key, so nobody can tell what it says")
            return None
        order = [domain, "all", *self.by_domain]
        key = next((keys[key_id] for keys in map(self._of, order) if key_id in keys), None)
        if key is None and key_id not in self._unknown:
            self._unknown.add(key_id)
            known = [known for keys in self.by_domain.values() for known in keys]
            advice = nearest_name_hint(key_id, known) or f'; add <key id="{key_id}" for="{domain}"/> before the graph'
            self.problems.add(self.path, data.line, f'the key "{key_id}" is not declared{advice}')
        return None if key is None or key.drawing else key.name

    def check_order(self, root: Element, graph: Element) -> None:
        """Note keys that stand behind the graph, where it is too late for them."""
        for element in root.all("key"):
            if element.line > graph.line and not any(element.get("id") in known for known in self.by_domain.values()):
                said = f'the key "{element.get("id")}" stands behind the graph; put all keys before it'
                self.problems.add(self.path, element.line, said)

    def _of(self, domain: str) -> dict[str, Key]:
        return self.by_domain.get(domain, {})


def keys_of(path: Path, root: Element, problems: Problems) -> Keys:
    """Return the keys of a file, having noted what is wrong with them.

    Parameters
    ----------
    path
        The file, for problems.
    root
        Its outermost element.
    problems
        Where problems go.
    """
    keys = Keys(path, problems)
    lines: dict[tuple[str, str], int] = {}
    for element in root.all("key"):
        key_id, domain = element.get("id"), element.get("for", "all")
        if not key_id:
            problems.add(path, element.line, "the key has no id; give every key one")
        elif domain not in DOMAINS:
            hint = nearest_name_hint(domain, DOMAINS)
            problems.add(path, element.line, f'a key is for "node", "edge", "graph" or "all", not for "{domain}"{hint}')
        elif (domain, key_id) in lines:
            line = lines[domain, key_id]
            problems.add(path, element.line, f'the key "{key_id}" was given in line {line}; ids must be unique')
        else:
            lines[domain, key_id] = element.line
            _add(keys, element, domain, key_id)
    return keys


def _add(keys: Keys, element: Element, domain: str, key_id: str) -> None:
    """Add one key under a name that no other of its domain has."""
    others = keys.by_domain.setdefault(domain, {})
    written = normalized(element.get("attr.name")) or normalized(key_id) or key_id
    name = unique(written, {key.name for key in others.values()})
    if name != written:
        keys.notes.append(f'{keys.path}:{element.line}: a second attribute "{written}" is called "{name}" here')
    default = next((normalized(child.whole_text()) for child in element.all("default")), None)
    others[key_id] = Key(name, default, drawing=bool(element.get("yfiles.type")))
