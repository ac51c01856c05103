"""What a synthetic region is to be like: its targets, and the same targets for a region of another size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

from diffusion.errors import InputError

LAYERS = ("formal", "informal")
"""How people are tied: by their work, or by turning to somebody."""

TAGS = ("health", "wealth")
"""What ties are about: population health, or wealth creation."""

MOST_AGENTS = 1_000_000
MOST_IN_ORGANISATION = 2_000
MOST_PAIRS = 20_000_000

FULLEST_INSIDE = 0.95
"""How large a share of the pairs inside organisations may be tied."""

FULLEST_BETWEEN = 0.8
"""How large a share of the pairs of two roles in two organisations may be tied."""


@dataclass(frozen=True, slots=True)
class Organisations:
    """State how many organisations of a kind there are, and who works in them.

    Attributes
    ----------
    sector, role
        Their sector, and the role of all their people.
    number, people
        How many organisations, and how many people in all of them.
    sizes
        Sizes in proportion, taken in turn; empty where sizes are drawn.
    prominence
        By how much their people's chances of a tie are multiplied.
    site
        Where they all are; empty where they are dealt out to all sites.
    brokers
        Whether their people are brokers between sites.
    """

    sector: str
    role: str
    number: int
    people: int
    sizes: tuple[int, ...] = ()
    prominence: float = 1.0
    site: str = ""
    brokers: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """State how many ties of a layer have a strength, and how many of these stay inside an organisation.

    Attributes
    ----------
    strength
        The strength, above 0 and at most 1.
    share
        The share of the layer's tied pairs that have it.
    inside
        The share of these pairs that are inside an organisation.
    """

    strength: float
    share: float
    inside: float


@dataclass(frozen=True, slots=True)
class Layer:
    """State how many ties a layer has, and how strong and mutual they are.

    Attributes
    ----------
    name
        One of :data:`LAYERS`.
    density
        The share of pairs that are tied, by the pair of roles (``"academic-firm"``).
    levels
        Strengths.
    reciprocity
        The share of ties that are returned.
    """

    name: str
    density: tuple[tuple[str, float], ...]
    levels: tuple[Level, ...]
    reciprocity: float

    @property
    def inside(self) -> float:
        """Return the share of the layer's tied pairs that are inside an organisation."""
        return sum(level.share * level.inside for level in self.levels) / sum(level.share for level in self.levels)


@dataclass(frozen=True, slots=True)
class Targets:
    """State what a synthetic region is to be like.

    Read them with :func:`~diffusion.network.synthesis.read_targets`, which
    checks that they can be met together.

    Attributes
    ----------
    name
        What the region is called.
    stands_for
        A paragraph on what the region stands for.
    seed
        Which of the regions with these targets is made by default.
    sites
        The localities.
    organisations
        Who works where.
    layers
        One for each of :data:`LAYERS`, in that order.
    wealth
        The share of tied pairs that are about wealth, not health, by the pair of roles.
    transitivity
        The share of two-paths that are closed, over all layers, undirected.
    top_tenth_share
        The share of tie-ends held by the best connected tenth, over all layers, undirected.
    isolates
        The share of agents without any tie.
    same_sector, same_site
        By how much the odds of a tie between organisations are multiplied
        within a sector and within a site.
    through_brokers
        The share of ties between sites that have a broker at an end; None
        where brokers have no part in it.
    """

    name: str
    stands_for: str
    seed: int
    sites: tuple[str, ...]
    organisations: tuple[Organisations, ...]
    layers: tuple[Layer, ...]
    wealth: tuple[tuple[str, float], ...]
    transitivity: float
    top_tenth_share: float
    isolates: float = 0.0
    same_sector: float = 1.0
    same_site: float = 1.0
    through_brokers: float | None = None

    @property
    def size(self) -> int:
        """Return the number of agents."""
        return sum(kind.people for kind in self.organisations)

    @property
    def roles(self) -> tuple[str, ...]:
        """Return the distinct roles, ascending."""
        return tuple(sorted({kind.role for kind in self.organisations}))

    @property
    def sectors(self) -> tuple[str, ...]:
        """Return the distinct sectors, in the order in which they are stated."""
        return tuple(dict.fromkeys(kind.sector for kind in self.organisations))

    @property
    def agents(self) -> dict[str, int]:
        """Return the number of agents by role."""
        return {role: sum(kind.people for kind in self.organisations if kind.role == role) for role in self.roles}

    @property
    def role_pairs(self) -> tuple[tuple[str, str], ...]:
        """Return every unordered pair of roles."""
        return tuple(combinations_with_replacement(self.roles, 2))

    def possible_pairs(self) -> dict[str, int]:
        """Return how many pairs of agents there are, by the pair of roles."""
        return dict(self._possible())

    def tied_pairs(self, layer: Layer) -> dict[str, int]:
        """Return how many pairs are to be tied in a layer, by the pair of roles."""
        possible = self.possible_pairs()
        return {pair: round(share * possible[pair]) for pair, share in layer.density}

    def mean_degree(self, layer: Layer) -> float:
        """Return with how many others an agent is to be tied in a layer, on average."""
        return 2 * sum(self.tied_pairs(layer).values()) / self.size

    def _possible(self) -> Iterator[tuple[str, int]]:
        agents = self.agents
        for first, second in self.role_pairs:
            pairs = agents[first] * (agents[first] - 1) // 2 if first == second else agents[first] * agents[second]
            yield pair_name(first, second), pairs


def pair_name(first: str, second: str) -> str:
    """Return what a pair of roles is called, in either order.

    Examples
    --------
    >>> pair_name("manager", "academic")
    'academic-manager'
    """
    return "-".join(sorted((first, second)))


def apportioned(total: int, weights: list[float]) -> list[int]:
    """Return whole parts of a total in proportion to weights, by the largest remainders.

    Examples
    --------
    >>> apportioned(10, [1, 1, 2])
    [3, 2, 5]
    """
    whole = sum(weights)
    exact = [total * weight / whole if whole else 0.0 for weight in weights]
    parts = [int(part) for part in exact]
    left = total - sum(parts) if whole else 0
    order = sorted(range(len(weights)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[:left]:
        parts[place] += 1
    return parts


def scaled(targets: Targets, agents: int) -> Targets:
    """Return the same targets for another number of agents.

    Organisations become more or fewer and keep their sizes; people keep their
    numbers of partners, so densities fall as the region grows. All shares
    stay. The name gets the number of agents as an ending.

    Parameters
    ----------
    targets
        The targets.
    agents
        How many agents there are to be.

    Raises
    ------
    InputError
        If there are too few or too many.
    """
    least = len(targets.organisations)
    if not least <= agents <= MOST_AGENTS:
        raise InputError(
            f"{targets.name}: the number of agents must be between {least} (one for each kind of organisation) and "
            f"{MOST_AGENTS:,}; got {agents:,}"
        )
    factor = agents / targets.size
    people = apportioned(agents - least, [float(kind.people) for kind in targets.organisations])
    kinds = tuple(
        replace(kind, people=count + 1, number=min(count + 1, max(1, round(kind.number * factor))))
        for kind, count in zip(targets.organisations, people, strict=True)
    )
    larger = replace(targets, name=f"{targets.name}-{agents}", organisations=kinds)
    before, after = targets.possible_pairs(), larger.possible_pairs()
    rates = {pair: before[pair] * factor / after[pair] if after[pair] else 0.0 for pair in before}
    layers = tuple(
        replace(layer, density=tuple((pair, share * rates[pair]) for pair, share in layer.density))
        for layer in targets.layers
    )
    return replace(larger, layers=layers)
