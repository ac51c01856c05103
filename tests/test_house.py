"""The rules of the house: what tools check, how long things may be, what they are called, how they are described."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from diffusion.network.formats.tables import RESERVED_ROLES
from diffusion.scenario import checks

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "diffusion"
MODULES = sorted(PACKAGE.rglob("*.py"))

COMMANDS = ("ruff check .", "ruff format --check .", "mypy", "lint-imports")
"""What is run before a change lands, beside the tests; CONTRIBUTING.md names the same."""

MOST_LINES = 400
MOST_CODE_LINES = 40

EMPTY_NAMES = {"base", "common", "helpers", "manager", "misc", "utils"}
NO_VERB = re.compile("(A|All|An|Each|Every|How|Its|No|One|That|The|This|What|When|Where|Whether|Which|Who|Why)$")
UNBENT = {"Bring", "Embed", "Feed", "Need", "Seed"}

WORKPLACE = re.compile(
    "|".join(("/" + "work/", "/" + "tmp/", "shared" + "/data", r"\b(design|ground_truth|ecosystem)\.md"))
)


def place(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


def complaints(command: str) -> str:
    """Return what a tool complains of; nothing where it is content."""
    tool, *arguments = command.split()
    found = shutil.which(tool, path=str(Path(sys.executable).parent)) or shutil.which(tool)
    assert found, f"{tool} is not installed; pip install -e '.[test]'"
    finished = subprocess.run([found, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if finished.returncode == 0 else finished.stdout + finished.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_the_tools_have_nothing_to_complain_of(command: str) -> None:
    if found := complaints(command):
        pytest.fail(found, pytrace=False)


def test_contributing_names_the_commands_that_are_run_here() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [command for command in COMMANDS if f"\n{command}\n" not in text.replace("    ", "")] == []


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {place(module): len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {module: lines for module, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_function_is_longer_than_40_lines_of_code() -> None:
    long = {
        f"{place(module)}: {function.name}"
        for module in MODULES
        for function in functions(module)
        if code_lines(function, module) > MOST_CODE_LINES
    }
    assert not long


def functions(module: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def code_lines(function: ast.FunctionDef, module: Path) -> int:
    """Return how many lines a function has, without docstring, blank lines, comments and inner functions."""
    lines = module.read_text(encoding="utf-8").splitlines()
    own = set(range(function.lineno, (function.end_lineno or 0) + 1))
    for node in ast.walk(function):
        inner = isinstance(node, ast.FunctionDef) and node is not function
        docstring = isinstance(node, ast.Expr) and node is function.body[0] and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.FunctionDef | ast.Expr) and (inner or docstring):
            own -= set(range(node.lineno, (node.end_lineno or 0) + 1))
    return sum(1 for line in own if lines[line - 1].strip() and not lines[line - 1].lstrip().startswith("#"))


def test_no_module_is_called_by_a_name_that_says_nothing() -> None:
    names = {part for module in MODULES for part in module.relative_to(PACKAGE).with_suffix("").parts}
    assert names & EMPTY_NAMES == set()


def public(module: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Yield every public function, class and method of a module with its name."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for outer in tree.body:
        if isinstance(outer, ast.FunctionDef | ast.ClassDef) and not outer.name.startswith("_"):
            yield f"{place(module)}: {outer.name}", outer
            for inner in outer.body if isinstance(outer, ast.ClassDef) else ():
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{place(module)}: {outer.name}.{inner.name}", inner


def is_imperative_sentence(line: str) -> bool:
    """Return whether a line may be an order: "Return it.", not "Returns it", "The thing." or "What it is."."""
    verb = line.partition(" ")[0].rstrip(",")
    is_verb = verb.isalpha() and verb.istitle() and not NO_VERB.match(verb)
    is_bent = re.search(r"(ing|ed|[^s]s)$", verb) and verb not in UNBENT
    return is_verb and not is_bent and line.endswith(".")


def test_every_public_name_is_described_by_an_imperative_sentence() -> None:
    first = {
        name: (ast.get_docstring(node) or "").split("\n")[0] for module in MODULES for name, node in public(module)
    }
    assert {name: line for name, line in first.items() if not is_imperative_sentence(line)} == {}


def test_every_module_says_what_it_is_for() -> None:
    first = {place(module): ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) for module in MODULES}
    assert [module for module, text in first.items() if not text or not text.split("\n")[0].endswith((".", ":"))] == []


def test_no_text_names_the_place_where_it_was_written() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("only a checkout knows which files are its own")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = [
        f"{name}:{number}"
        for name in listed.stdout.splitlines()
        if not name.startswith(".ci/") and (ROOT / name).is_file()
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8", errors="ignore").splitlines(), start=1)
        if WORKPLACE.search(line)
    ]
    assert found == []


def test_scenarios_and_networks_reserve_the_same_roles() -> None:
    assert set(RESERVED_ROLES) == checks.RESERVED_ROLES
