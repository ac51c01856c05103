"""What reproduces a report: commands, the scenario, the record of the runs, and how to cite it."""

from __future__ import annotations

import json
import shlex
from importlib import metadata

from diffusion.report.chapter import Chapter
from diffusion.scenario import Scenario


def commands(chapter: Chapter) -> str:
    """Return the commands that make the runs and the report again, as a block of code."""
    return "```\n" + "\n".join(command_lines(chapter)) + "\n```"


def command_lines(chapter: Chapter) -> list[str]:
    """Return the commands, one a line."""
    scenario = chapter.study.scenario
    return [run_line(scenario), f"diffusion report {shlex.quote(scenario.name)}"]


def run_line(scenario: Scenario) -> str:
    """Return the command that makes the runs of a scenario again from its file, whatever the command line overrode.

    What follows from a precision is left out, and refused if it is stated: replicates,
    or worlds where something is uncertain. It is found the same each time.
    """
    is_found, has_worlds = scenario.precision is not None, scenario.worlds > 1
    words = ["diffusion", "run", shlex.quote(f"{scenario.name}.toml")]
    if has_worlds or not is_found:
        words += ["--replicates", f"{scenario.replicates}"]
    if has_worlds and not is_found:
        words += ["--worlds", f"{scenario.worlds}"]
    return " ".join([*words, "--seed", f"{scenario.seed}"])


def readable_record(chapter: Chapter) -> str:
    """Return the record of the runs as JSON."""
    told = {"study": chapter.study.name, "digest": chapter.whole_study.digest, "runs": list(chapter.records)}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def citation(chapter: Chapter) -> str:
    """Return lines in the Citation File Format that name the program and this study's inputs."""
    title = json.dumps(f"Simulation study: {chapter.study.scenario.title}", ensure_ascii=False)
    lines = [
        "cff-version: 1.2.0",
        "message: Cite the program with its version, and the study with its digest.",
        "type: dataset",
        f"title: {title}",
        "authors:",
        "  - name: TODO the authors of the study",
        "identifiers:",
        "  - type: other",
        f"    value: {chapter.whole_study.digest}",
        "    description: digest of scenario and networks; the same digest is the same study",
        "references:",
        "  - type: software",
        '    title: "diffusion: how an innovation spreads through a region\'s knowledge networks"',
        "    authors:",
        "      - name: The diffusion contributors",
        f"    version: {json.dumps(_version(chapter))}",
        "    license: MIT",
    ]
    return "\n".join(lines) + "\n"


def _version(chapter: Chapter) -> str:
    """Return the version of the program that made the runs."""
    record = chapter.records[-1] if chapter.records else {}
    return str(record.get("versions", {}).get("ahsn-diffusion") or metadata.version("ahsn-diffusion"))
