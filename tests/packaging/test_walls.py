"""The walls between the rooms hold, and the contracts that watch them notice a breach."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE_MAY_IMPORT = {"numpy", "pydantic", "psutil", "platformdirs", "ptft_gui"}

HOUSE = (
    "cli",
    "core.spec",
    "data.text",
    "doctor",
    "engine.word2vec",
    "engine.glove",
    "engine.language.gpt",
    "engine.language.bert",
    "engine.vectors",
    "inspection.vectors",
    "worker.train",
    "gui.app",
    "gui.main_window",
    "gui.panels.home",
    "gui.panels.train",
    "gui.widgets.card",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty house with the rooms of the program, under the contracts of the program."""
    root = tmp_path_factory.mktemp("house")
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for module in HOUSE:
        path = root / "ptft_gui" / (module.replace(".", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        for folder in (path.parent, *path.parent.parents):
            if folder == root:
                break
            (folder / "__init__.py").touch()
    return root


def _lint(root: Path) -> tuple[int, str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_an_empty_house_keeps_every_contract(house):
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    status, output = _lint(house)
    assert status == 0, output
    assert f"{len(contracts)} kept, 0 broken" in output


@pytest.mark.parametrize(
    ("module", "breach", "contract"),
    [
        ("core.spec", "import PySide6.QtCore", "core is what both sides agree on"),
        ("core.spec", "import ptft_gui.data.text", "core is what both sides agree on"),
        ("data.text", "import gensim", "data brings text in"),
        ("data.text", "import ptft_gui.engine.vectors", "data brings text in"),
        ("engine.word2vec", "import PySide6", "engine trains and inspection asks"),
        ("inspection.vectors", "import ptft_gui.worker.train", "engine trains and inspection asks"),
        ("worker.train", "import ptft_gui.gui.widgets.card", "a worker runs without Qt"),
        ("gui.widgets.card", "import torch", "the window draws"),
        ("gui.panels.home", "from ptft_gui.data import text", "the window draws"),
        ("gui.app", "def late():\n    import gensim", "the window draws"),
        ("gui.panels.home", "import ptft_gui.gui.panels.train", "panels never import panels"),
        ("gui.panels.home", "import ptft_gui.gui.main_window", "the main window knows the panels"),
        ("gui.widgets.card", "import ptft_gui.gui.panels.home", "widgets are pieces"),
        ("doctor", "import torch", "the doctor works where nothing else does"),
    ],
)
def test_a_breach_is_noticed(house, module, breach, contract):
    path = house / "ptft_gui" / (module.replace(".", "/") + ".py")
    path.write_text(breach + "\n")
    try:
        status, output = _lint(house)
    finally:
        path.write_text("")
    assert status == 1, output
    assert f"{contract}" in output.partition("Broken contracts")[2].replace("\n", " ")


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_core_imports_the_standard_library_and_four_others():
    files = sorted((ROOT / "ptft_gui" / "core").rglob("*.py"))
    assert files
    strangers = {
        str(path.relative_to(ROOT)): sorted(_imported(path) - CORE_MAY_IMPORT - sys.stdlib_module_names)
        for path in files
    }
    assert {path: names for path, names in strangers.items() if names} == {}
