"""Who convinced whom: credit replayed from the draws of the stored histories."""

from __future__ import annotations

from diffusion.analysis.credit_told import credit_sentences
from diffusion.analysis.credit_totals import CreditTotals, credit_totals
from diffusion.report import pictures
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import heading, paragraphs
from diffusion.report.numbers import Pool
from diffusion.report.told_numbers import told_numbers

MOST_REPLAYED = 200
"""How many replicates of an arm are replayed tie by tie at most, the first."""

MOST_AGENTS = 2_000
"""Larger networks take too long to replay tie by tie."""


def section(chapter: Chapter) -> str:
    """Return the section, about the best arm and the baseline on the first network and cell."""
    arms = chapter.arms[0]
    if arms.result.group.network.size > MOST_AGENTS or chapter.study.scenario.worlds > 1:
        return ""  # credit is told of histories under one set of numbers
    totals = [_totals(chapter, name) for name in chapter.loaded.telling_arms(arms.result)]
    pieces = []
    if any(total.adoptions and total.roles for total in totals) and len(arms.roles) > 1:
        flow = pictures.credit(chapter, totals)
        pieces = [f"{flow.reference} shows it by role.", chapter.picture(flow)]
    where = " The first network and cell are told." if chapter.is_swept else ""
    return paragraphs(
        heading("Who convinced whom", label="credit"),
        "Whether a tie carried follows from the draws of a history, so each adoption can be credited to the ties that "
        "succeeded at that step, shared among them where several did, and followed back to a leader. This is "
        "credit inside "
        f"the model; it says nothing of what real people would have done.{where}",
        *(_told(chapter, total) for total in totals),
        *pieces,
    )


def _totals(chapter: Chapter, name: str) -> CreditTotals:
    ensemble = chapter.ensemble(0, name)
    replicates = min(MOST_REPLAYED, chapter.study.scenario.replicates)
    return credit_totals(name, ensemble.model_input, ensemble.block, replicates)


def _told(chapter: Chapter, totals: CreditTotals) -> str:
    arms = chapter.arms[0]
    source = {"from": "credit", "network": arms.result.group.network.name, "cell": arms.result.group.cell.index}
    told = totals.as_json()
    if totals.adoptions:
        told["shares"] = {
            "roles": [
                {"origin": f"{flow.source} to {flow.target}", "share": flow.credit / totals.adoptions}
                for flow in totals.roles
            ],
            "layers": [{"origin": layer, "share": credit / totals.adoptions} for layer, credit in totals.layers],
        }
    name = f"{arms.place}.credit.{totals.arm}"
    numbers = told_numbers(name, told, {**source, "arm": totals.arm}, phrase=arms.result.setting.phrase)
    pool = Pool(list(numbers)) + arms.pool(arms.result.ranking_outcome)
    names = (*arms.names(), *arms.result.group.network.ids)
    return chapter.quoted(credit_sentences(totals, arms.result.setting), pool, names)
