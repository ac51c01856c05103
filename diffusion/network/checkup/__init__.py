"""What an examiner asks of a network before believing anything that is run on it.

Recommendations for reporting networks ask for the same: who was asked and who
answered, where the boundary was drawn, how names were asked for, and what was
done with the answers (Luke et al. 2023, doi 10.1371/journal.pone.0285236).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from diffusion.network.checkup.caps import cap_findings
from diffusion.network.checkup.findings import Finding
from diffusion.network.checkup.personal import personal_network_findings
from diffusion.network.checkup.response import nomination_findings, response, response_findings
from diffusion.network.checkup.shape import shape, shape_findings
from diffusion.network.checkup.spelling import spelling_findings
from diffusion.network.network import Network

__all__ = ["Finding", "checkup"]


def checkup(network: Network, roster: Collection[str] | None = None) -> tuple[dict[str, Any], list[Finding]]:
    """Return the numbers that an examiner asks for, and what there is to say of them, warnings first.

    Parameters
    ----------
    network
        The network.
    roster
        The ids of all who were asked, where they are known.
    """
    answered = response(network, roster)
    numbers = {
        "name": network.name,
        "synthetic": network.synthetic,
        "agents": network.size,
        "ties": network.tie_count,
        **answered,
        **shape(network),
    }
    findings = [
        *personal_network_findings(network),
        *response_findings(answered, has_roster=roster is not None),
        *nomination_findings(answered, network),
        *cap_findings(network),
        *spelling_findings(network),
        *shape_findings(network, numbers),
    ]
    return numbers, sorted(findings, key=lambda finding: finding.level != "warning")
