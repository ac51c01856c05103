"""Synthetic regions like those of the Academic Health Science Networks, from declared targets.

The network data of the study behind this program (Ferlie, Nicolini, Ledger,
D'Andreta, Kravcenko & de Pury 2017, doi 10.3310/hsdr05170) are not public.
What is made here is therefore synthetic: it has the make-up that such regions
are said to have, and the density, closure, skew and reciprocity that were
measured in open data on comparable networks. It is nobody's data.

Examples
--------
>>> from diffusion.network.regions import packaged_targets
>>> targets = read_targets(packaged_targets("ahsn-a"))
>>> region = synthetic_region(targets)
>>> region.name, region.size, region.synthetic
('ahsn-a', 180, True)
"""

from __future__ import annotations

from diffusion.network.synthesis.fit import DRAWS, Fit, fit_of, fit_text, goodness_of_fit
from diffusion.network.synthesis.labels import LAYER_NAMES
from diffusion.network.synthesis.region import description_of, region_name, synthetic_region, write_region
from diffusion.network.synthesis.targets import Layer, Level, Organisations, Targets, scaled
from diffusion.network.synthesis.targets_file import read_targets, targets_from_text
from diffusion.network.synthesis.targets_text import targets_text

__all__ = [
    "DRAWS",
    "LAYER_NAMES",
    "Fit",
    "Layer",
    "Level",
    "Organisations",
    "Targets",
    "description_of",
    "fit_of",
    "fit_text",
    "goodness_of_fit",
    "read_targets",
    "region_name",
    "scaled",
    "synthetic_region",
    "targets_from_text",
    "targets_text",
    "write_region",
]
