"""What a survey lost on its way to a network: counted, told, and kept with the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from diffusion.network.importing.nominations import Named
from diffusion.network.importing.people import People
from diffusion.network.importing.recipe import Recipe
from diffusion.network.importing.resolving import Resolved, Tie, named_people
from diffusion.network.importing.sources import Sources
from diffusion.network.network import DEFAULT_LAYER, normalized
from diffusion.network.survey import Survey

EGO_NETWORKS = (
    "nominees were not matched between respondents, so this is a stack of personal networks and no whole network: it "
    "says nothing of ties between nominees of different respondents, and its density and path lengths come from how "
    "people were sampled"
)


def without_dropped(recipe: Recipe, sources: Sources, found: Resolved) -> tuple[Resolved, int, int]:
    """Return what is kept, with how many distinct people were named who did not answer, and how many nominations went.

    Parameters
    ----------
    recipe
        The recipe, which says what becomes of people who did not answer.
    sources
        Where problems and notes go.
    found
        Who is tied to whom.
    """
    people = found.people.by_id
    absent = {who for who, person in people.items() if person.answered is False}
    nominees = absent & named_people(found.ties)
    if recipe.not_interviewed.nominees == "refuse":
        _refuse(nominees, sources, found)
    if recipe.names.match == "within-ego" or recipe.not_interviewed.nominees != "drop":
        if nominees and recipe.names.match != "within-ego":
            who = (
                "1 nominee was not interviewed and is"
                if len(nominees) == 1
                else (f"{len(nominees):,} nominees were not interviewed and are")
            )
            _note(sources, found, f"{who} kept; whom they would name is not known")
        return found, len(nominees), 0
    ties = [tie for tie in found.ties if tie.ego not in absent and tie.alter not in absent]
    left_out = len(found.ties) - len(ties)
    if nominees:
        _note(sources, found, _dropped_words(len(nominees), left_out))
    if silent := len(absent) - len(nominees):
        words = "1 person who was asked but" if silent == 1 else f"{silent:,} people who were asked but"
        _note(sources, found, f"{words} neither answered nor was named left out")
    kept = {who: person for who, person in people.items() if who not in absent}
    people_left = People(kept, found.people.listed, found.people.asked)
    return Resolved(people_left, ties, found.spellings), len(nominees), left_out


def survey_of(recipe: Recipe, sources: Sources, kept: Resolved, nominees: int, left_out: int) -> Survey:
    """Return how a network was asked for, having noted what was lost.

    Parameters
    ----------
    recipe
        The recipe.
    sources
        Where notes go.
    kept
        Who is tied to whom, without those who were dropped.
    nominees, left_out
        How many distinct people were named who did not answer, and how many nominations were left out for it.
    """
    own = sum(tie.ego == tie.alter for tie in kept.ties)
    repeats = sum(count - 1 for count in Counter(map(_key, kept.ties)).values()) - _own_repeats(kept.ties)
    answered = [person.answered for person in kept.people.by_id.values()]
    if own:
        words = "1 nomination names" if own == 1 else f"{own:,} nominations name"
        gone = "it is" if own == 1 else "they are"
        _note(sources, kept, f"{words} the respondent; nobody is tied to themselves, so {gone} left out")
    if repeats:
        words = "1 nomination repeats" if repeats == 1 else f"{repeats:,} nominations repeat"
        _note(sources, kept, f"{words} another of the same layer; each is one tie, of the largest strength")
    _note_sides(sources, kept)
    if recipe.names.match == "within-ego":
        _note(sources, kept, EGO_NETWORKS)
    return Survey(
        ego_networks=recipe.names.match == "within-ego",
        asked=kept.people.asked,
        respondents=sum(map(bool, answered)) if any(said is not None for said in answered) else None,
        not_interviewed=nominees,
        left_out=left_out,
        self_nominations=own,
        repeats=repeats,
    )


def caps_of(sheets: Sequence[Named]) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many names a respondent could give in each layer, and how many gave as many.

    Sheets of one layer count together; a layer of which one sheet has no limit has none.

    Parameters
    ----------
    sheets
        What the sheets of nominations say.
    """
    by_layer: dict[str, list[Named]] = {}
    for named in sheets:
        if named.part.shape != "pairs":
            by_layer.setdefault(_layer_name(named), []).append(named)
    caps, at_cap = {}, {}
    for layer, group in sorted(by_layer.items()):
        limits = [named.cap for named in group if named.cap is not None]
        if len(limits) < len(group):
            continue
        given = Counter(nomination.ego for named in group for nomination in named.nominations)
        caps[layer] = sum(limits)
        at_cap[layer] = sum(count >= caps[layer] for count in given.values())
    return caps, at_cap


def _layer_name(named: Named) -> str:
    if named.part.layers:
        found = sorted({normalized(nomination.layer) or DEFAULT_LAYER for nomination in named.nominations})
        return " and ".join(found) or DEFAULT_LAYER
    return named.part.layer or DEFAULT_LAYER


def _note(sources: Sources, found: Resolved, words: str) -> None:
    path = found.ties[0].named.path if found.ties else sources.document.path
    sources.note(path, words)


def _dropped_words(nominees: int, left_out: int) -> str:
    who = "1 nominee was" if nominees == 1 else f"{nominees:,} nominees were"
    which = "the 1 tie" if left_out == 1 else f"the {left_out:,} ties"
    return f"{who} not interviewed: left out, with {which} they had"


def _refuse(nominees: set[str], sources: Sources, found: Resolved) -> None:
    people = found.people.by_id
    for who in sorted(nominees):
        words = f'{sources.quote(who)} was not interviewed; the recipe says nominees = "refuse"'
        first = next(tie for tie in found.ties if who in {tie.ego, tie.alter})
        line = people[who].line if people[who].path == first.named.path else first.nomination.line
        unknown = None if sources.withhold else who
        sources.problems.add(first.named.path, line, words, unknown=unknown)


def _key(tie: Tie) -> tuple[str, ...]:
    """Return what two nominations have in common of which one repeats the other."""
    ends = sorted((tie.ego, tie.alter)) if tie.named.part.shape == "pairs" else [tie.ego, tie.alter]
    flow = "both" if tie.named.question == "work-with" else tie.named.question
    return (flow, tie.nomination.layer, *ends)


def _own_repeats(ties: Sequence[Tie]) -> int:
    """Return how many self-nominations repeat another: they are left out as self-nominations."""
    own = Counter(_key(tie) for tie in ties if tie.ego == tie.alter)
    return sum(count - 1 for count in own.values())


def _note_sides(sources: Sources, kept: Resolved) -> None:
    """Note how many undirected ties only one of two respondents reported, and how many both did, if unequally."""
    sides: dict[tuple[str, ...], dict[str, float]] = {}
    people = kept.people.by_id
    for tie in kept.ties:
        if tie.named.question != "work-with" or tie.named.part.shape == "pairs" or tie.ego == tie.alter:
            continue
        if people[tie.ego].answered and people[tie.alter].answered:
            pair = (tie.nomination.layer, *sorted((tie.ego, tie.alter)))
            said = sides.setdefault(pair, {})
            said[tie.ego] = max(said.get(tie.ego, 0.0), tie.nomination.strength)
    one_sided = sum(len(said) == 1 for said in sides.values())
    unequal = sum(len(set(said.values())) > 1 for said in sides.values())
    if one_sided:
        _note(
            sources,
            kept,
            f"of {len(sides):,} pairs who work together {one_sided:,} were reported by one side only; "
            "they are ties in both directions all the same",
        )
    if unequal:
        _note(sources, kept, f"{unequal:,} pairs report different strengths; the larger is kept")
