"""Names that may be one name: alike but for letter case and blanks."""

from __future__ import annotations

from collections.abc import Iterable

from diffusion.network.checkup.findings import Finding, several
from diffusion.network.network import Network

SHOWN = 3
COLUMNS = ("organisation", "sector", "site")


def spelling_findings(network: Network) -> list[Finding]:
    """Return which ids, roles, layers and organisations differ only in letter case and blanks."""
    findings = []
    if alike := alike_names(network.ids):
        sentence = (
            f"Some ids differ only in letter case or blanks and may be one person, {several(len(alike), 'time')}: "
            f"{_shown(alike)}. Somebody who is two agents has too few ties as either."
        )
        findings.append(Finding("similar_ids", "warning", sentence, {"groups": alike}))
    kinds = {"role": network.roles, "layer": network.layers}
    kinds |= {name: network.columns[name] for name in COLUMNS if name in network.columns}
    for kind, names in kinds.items():
        if alike := alike_names(names):
            sentence = f"Some names of a {kind} differ only in letter case or blanks and may be one: {_shown(alike)}."
            findings.append(Finding(f"similar_{kind}s", "warning", sentence, {"groups": alike}))
    return findings


def alike_names(names: Iterable[str]) -> list[list[str]]:
    """Return groups of different names that are alike but for letter case and blanks.

    Examples
    --------
    >>> alike_names(["Ann Lee", "ann lee", "AnnLee", "Bo"])
    [['Ann Lee', 'AnnLee', 'ann lee']]
    """
    groups: dict[str, set[str]] = {}
    for name in filter(None, names):
        groups.setdefault("".join(name.casefold().split()), set()).add(name)
    return sorted(sorted(group) for group in groups.values() if len(group) > 1)


def _shown(groups: list[list[str]]) -> str:
    texts = [" and ".join(f'"{name}"' for name in group) for group in groups[:SHOWN]]
    more = f"; and {len(groups) - SHOWN:,} more" if len(groups) > SHOWN else ""
    return "; ".join(texts) + more
