"""From who wrote which name to who is tied to whom: every nomination with the two people it joins."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.network.importing.matching import Matcher, Stranger, matcher, note_suggestions
from diffusion.network.importing.nominations import Named, Nomination
from diffusion.network.importing.people import People, Person
from diffusion.network.importing.recipe import Recipe
from diffusion.network.importing.sources import Sources

OF_EGO = ":"
"""What stands between a respondent's id and that of a nominee who is not matched with those of others."""


@dataclass(slots=True)
class Tie:
    """Hold one nomination with the people it joins.

    Attributes
    ----------
    ego, alter
        The ids of who named whom; of a pair its first and its second.
    named
        The sheet it stands in.
    nomination
        What the sheet says of it.
    """

    ego: str
    alter: str
    named: Named
    nomination: Nomination


@dataclass(slots=True)
class Resolved:
    """Hold who is tied to whom.

    Attributes
    ----------
    people
        Everybody, those who were only named included.
    ties
        Every nomination of which both people are known.
    spellings
        How people were written who were found under another spelling; for pseudonyms.
    """

    people: People
    ties: list[Tie] = field(default_factory=list)
    spellings: set[tuple[str, str]] = field(default_factory=set)


def resolved(recipe: Recipe, sources: Sources, people: People, sheets: Sequence[Named]) -> Resolved:
    """Return who is tied to whom, having noted whom nobody knows.

    Parameters
    ----------
    recipe
        The recipe.
    sources
        Where problems and notes go.
    people
        The people known from lists; those who were only named are added.
    sheets
        What the sheets of nominations say.
    """
    finder = matcher(recipe, sources, people)
    if not people.listed:
        _add_egos(people, finder, sheets)
    resolver = _OfEachEgo if recipe.names.match == "within-ego" else _OfAll
    work = resolver(recipe, sources, people, finder)
    for named in sheets:
        work.take(named)
    work.finish()
    _add_reported(work.made, sources)
    return work.made


def _add_egos(people: People, finder: Matcher, sheets: Sequence[Named]) -> None:
    """Make everybody who answered known, where no list of people was given."""
    spellings: dict[str, Stranger] = {}
    for named in sheets:
        for ego, line in named.egos.items():
            one = spellings.setdefault(finder.group(ego), Stranger(named.path, line, ""))
            one.spellings[finder.meant(ego)] += 1
    for one in spellings.values():
        people.by_id[one.id] = Person(one.id, answered=True, path=one.path, line=one.line)
    finder.know(people.by_id.values())


class _OfAll:
    """Resolve names among all people: whoever is named by several respondents is one person."""

    def __init__(self, recipe: Recipe, sources: Sources, people: People, finder: Matcher) -> None:
        self._recipe, self._sources, self._people, self._finder = recipe, sources, people, finder
        self._strangers: dict[str, Stranger] = {}
        self._open: list[tuple[Tie, str, str]] = []
        self.made = Resolved(people)

    def take(self, named: Named) -> None:
        """Take in what one sheet says."""
        egos = {ego: self._ego(ego, named, line) for ego, line in named.egos.items()}
        for nomination in named.nominations:
            if named.part.shape == "pairs":
                first, stranger = self._alter(nomination.ego, named, nomination)
            else:
                first, stranger = egos.get(nomination.ego, ""), ""
            second, other = self._alter(nomination.alter, named, nomination)
            if (first or stranger) and (second or other):
                tie = Tie(first, second, named, nomination)
                self.made.ties.append(tie)
                if stranger or other:
                    self._open.append((tie, stranger, other))

    def finish(self) -> None:
        """Make those who were only named known."""
        known = self._people.listed or any(person.answered is not None for person in self._people.by_id.values())
        note_suggestions(self._strangers.values(), self._finder, self._sources, self._people)
        for stranger in self._strangers.values():
            self._people.by_id[stranger.id] = Person(
                stranger.id, answered=False if known else None, path=stranger.path, line=stranger.line
            )
            self.made.spellings.update((text, stranger.id) for text in stranger.spellings)
        for tie, first, second in self._open:
            tie.ego = self._strangers[first].id if first else tie.ego
            tie.alter = self._strangers[second].id if second else tie.alter

    def _ego(self, written: str, named: Named, line: int) -> str:
        """Return the id of a respondent, or nothing having noted who is not known."""
        found = self._one(written, named.path, line, "respondent")
        if found is None or not written:
            return ""
        if not found:
            advice = "mend the id, or add a row to the list of people"
            words = f"the respondent {self._sources.quote(written)} is on no list of people; {advice}"
            self._sources.problems.add(named.path, line, words, unknown=None if self._sources.withhold else written)
            return ""
        person = self._people.by_id[found]
        if self._recipe.respondents is None:
            person.answered = True
        elif not person.answered and any(nomination.ego == written for nomination in named.nominations):
            words = f"{self._sources.quote(written)} named somebody, though the list says that they did not answer"
            self._sources.problems.add(named.path, line, words)
        return found

    def _alter(self, written: str, named: Named, nomination: Nomination) -> tuple[str, str]:
        """Return the id of somebody known, or else what strangers of this name are kept under."""
        found = self._one(written, named.path, nomination.line, f'nominee in column "{nomination.column}"')
        if found is None or not written:
            return "", ""
        if found:
            self.made.spellings.add((written, found))
            return found, ""
        group = self._finder.group(written)
        stranger = self._strangers.setdefault(group, Stranger(named.path, nomination.line, nomination.column))
        stranger.spellings[self._finder.meant(written)] += 1
        self.made.spellings.add((written, group))
        return "", group

    def _one(self, written: str, path: Path, line: int, what: str) -> str | None:
        found = self._finder.find(written)
        if len(found) > 1:
            several = " and ".join(sorted(map(self._sources.quote, found))) if not self._sources.withhold else ""
            whom = f": {several}" if several else f" ({len(found)} people)"
            advice = "write an id, or say in the table of aliases who is meant"
            what = "nominee" if self._sources.withhold and what != "respondent" else what
            words = f"the {what}, {self._sources.quote(written)}, may be several people{whom}; {advice}"
            self._sources.problems.add(path, line, words)
            return None
        return next(iter(found), "")


class _OfEachEgo(_OfAll):
    """Keep the nominees of each respondent apart: each stands for somebody in that personal network only."""

    def take(self, named: Named) -> None:
        """Take in what one sheet says."""
        if named.part.shape == "pairs" and not named.part.ego:
            words = 'needs ego, the respondent in whose network the pair is, because of match = "within-ego"'
            self._sources.complain(("nominations", self._recipe.nominations.index(named.part)), words)
            return
        egos = {ego: self._ego(ego, named, line) for ego, line in named.egos.items()}
        for nomination in named.nominations:
            if named.part.shape == "pairs":
                self._take_pair(named, nomination)
            elif ego := egos.get(nomination.ego, ""):
                alter = self._own(ego, nomination.alter, named, nomination.line)
                self.made.ties.append(Tie(ego, alter, named, nomination))

    def _take_pair(self, named: Named, nomination: Nomination) -> None:
        owner = self._ego(nomination.owner, named, nomination.line)
        ends = []
        for written in (nomination.ego, nomination.alter):
            of_ego = f"{owner}{OF_EGO}{written}"
            if owner and written not in {nomination.owner, owner} and of_ego not in self._people.by_id:
                words = f"{self._sources.quote(written)} was not named by the respondent in whose network the pair is"
                self._sources.problems.add(named.path, nomination.line, words)
            ends.append(owner if written in {nomination.owner, owner} else of_ego)
        if owner:
            self.made.ties.append(Tie(ends[0], ends[1], named, nomination))

    def _own(self, ego: str, written: str, named: Named, line: int) -> str:
        """Return the id of a respondent's own nominee, who is made known when first named."""
        made = f"{ego}{OF_EGO}{written}"
        known = self._people.by_id.get(made)
        if known is None:
            self._people.by_id[made] = Person(made, name=written, answered=False, path=named.path, line=line)
        elif known.answered is not False:
            words = f'the id {self._sources.quote(made)} is that of a respondent; ids must not hold "{OF_EGO}" here'
            self._sources.problems.add(named.path, line, words)
        return made


def _add_reported(made: Resolved, sources: Sources) -> None:
    """Give people what respondents said of them, where they did not say so themselves: what most said."""
    said: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for tie in made.ties:
        for key, cell in (("role", tie.nomination.role), *tie.nomination.cells.items()):
            if cell:
                said[tie.alter, key][cell] += 1
    differ = 0
    for (who, key), cells in said.items():
        person = made.people.by_id[who]
        own = person.role if key == "role" else person.cells.get(key, "")
        if own:
            continue
        best = min(cells, key=lambda cell: (-cells[cell], cell))
        differ += len(cells) > 1
        if key == "role":
            person.role = best
        else:
            person.cells[key] = best
    if differ:
        one = "1 nominee" if differ == 1 else f"{differ:,} nominees"
        path = next(tie.named.path for tie in made.ties)
        sources.note(
            path, f"respondents describe {one} differently: what most say is kept (of equals the first in order)"
        )


def named_people(ties: Iterable[Tie]) -> set[str]:
    """Return the ids of all who were named."""
    return {who for tie in ties for who in ((tie.alter, tie.ego) if tie.named.part.shape == "pairs" else (tie.alter,))}
