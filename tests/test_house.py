"""The rules of the house that a machine can hold us to."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("metrics", "data_access", "sample_data", "dashboard")
HISTORY = ROOT / "data_access" / "migrations" / "versions"

MEDIAN_LINES, NINE_OF_TEN_LINES, MOST_LINES, MOST_LINES_OF_A_MODULE = 10, 25, 50, 300


def sources() -> list[Path]:
    """Our own modules; migrations are a record of the past and never edited."""
    modules = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(path for path in modules if HISTORY not in path.parents)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module with its lines, docstring included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def function_lengths() -> dict[str, int]:
    return dict(entry for path in sources() for entry in functions(path))


def test_functions_are_short() -> None:
    lengths = function_lengths()
    too_long = {name: lines for name, lines in lengths.items() if lines > MOST_LINES}
    assert not too_long
    assert statistics.median(lengths.values()) <= MEDIAN_LINES
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= NINE_OF_TEN_LINES


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_holds_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES_OF_A_MODULE
    assert path.stem not in {"utils", "helpers", "common", "misc"}


def test_every_package_is_listed_for_installation() -> None:
    import tomllib

    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in sources() if path.name == "__init__.py"}
    assert found | {"data_access.migrations.versions"} == set(listed)


def test_imports_point_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml") == 0


def readme(language: str) -> str:
    return (ROOT / f"README{language}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["", ".zh-CN"])
def test_the_readme_lists_every_command_and_no_other(language: str) -> None:
    from dashboard.cli import COMMANDS

    listed = set(re.findall(r"^\| `huiyin (\w+)", readme(language), re.MULTILINE))
    assert listed == set(COMMANDS)


@pytest.mark.parametrize("language", ["", ".zh-CN"])
def test_the_readme_lists_every_setting_and_no_other(language: str) -> None:
    listed = set(re.findall(r"^\| `(HUIYIN_\w+)`", readme(language), re.MULTILINE))
    texts = [path.read_text(encoding="utf-8") for path in (*sources(), *(ROOT / "tests").rglob("conftest.py"))]
    assert listed == {name for text in texts for name in re.findall(r"\bHUIYIN_[A-Z_]+\b", text)}


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []
