"""What the window needs: PySide6, the system's libraries, a font, a screen."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path

from ptft_gui.core.resources import read_json_resource
from ptft_gui.doctor.check import Check
from ptft_gui.doctor.computer import declared_requirement, pip_install
from ptft_gui.doctor.probe import probe, run_tool

NOT_FOUND = re.compile(r"^\s*(?P<library>\S+) => not found", re.MULTILINE)
PLATFORM_PLUGINS = {"drawing": "libqoffscreen.so", "x11": "libqxcb.so", "wayland": "libqwayland*.so"}

# Leaves without taking the interpreter down, which is where the faulty version would crash after its answer.
GUARD_SNIPPET = """
import json, os
from ptft_gui.gui.reference_guard import reference_count_is_safe
print(json.dumps({"is_safe": reference_count_is_safe()}), flush=True)
os._exit(0)
"""
FONT_SNIPPET = """
import json
from PySide6.QtGui import QFontDatabase, QGuiApplication
app = QGuiApplication([])
database = QFontDatabase
stand_ins = {"Monospace", "Sans Serif", "Serif"}  # listed even where no font is installed
print(json.dumps({
    "families": len(set(database.families()) - stand_ins),
    "chinese": len(database.families(database.WritingSystem.SimplifiedChinese)),
}))
"""
SCREEN_SNIPPET = """
import json
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
size = app.primaryScreen().size()
print(json.dumps({"platform": app.platformName(), "width": size.width(), "height": size.height()}))
"""


def check_pyside() -> Check:
    """PySide6 is there, and does not miscount references (see ptft_gui/gui/reference_guard.py)."""
    requirement = declared_requirement("PySide6-Essentials")
    try:
        version = importlib.metadata.version("PySide6-Essentials")
    except importlib.metadata.PackageNotFoundError:
        return Check(
            "PySide6", False, "PySide6 is not installed; it draws the window.", pip_install(requirement)
        )
    result = probe(GUARD_SNIPPET)
    if result.facts is None:
        sentence = f"PySide6 {version} cannot be loaded: {result.last_words}."
        return Check("PySide6", False, sentence, pip_install(requirement))
    if not result.facts["is_safe"]:
        sentence = (
            f"PySide6 {version} miscounts references with this Python, so the window would close by itself."
        )
        return Check("PySide6", False, sentence, pip_install(requirement))
    return Check("PySide6", True, f"PySide6 {version} works with this Python.")


def check_system_libraries() -> Check:
    """What the system's loader says about Qt's own libraries and its platform plugins."""
    name = "System libraries"
    folder = _pyside_folder()
    if folder is None or shutil.which("ldd") is None:
        return Check(name, None, "Whether Qt finds the system's libraries could not be looked up here.")
    missing = {group: _missing_libraries(folder, group) for group in PLATFORM_PLUGINS}
    needed = {library for group in _needed_groups() for library in missing[group]}
    wanted = {library for libraries in missing.values() for library in libraries}
    if needed:
        return Check(name, False, f"Qt lacks libraries of the system: {_listed(needed)}.", _apt_line(needed))
    if wanted:
        sentence = f"All that is needed now is there; for other kinds of screens Qt lacks {_listed(wanted)}."
        return Check(name, None, sentence, _apt_line(wanted))
    return Check(name, True, "Qt finds every library of the system it needs.")


def _pyside_folder() -> Path | None:
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _missing_libraries(folder: Path, group: str) -> set[str]:
    files = sorted((folder / "Qt" / "plugins" / "platforms").glob(PLATFORM_PLUGINS[group]))
    if group == "drawing":
        files += [folder / "QtGui.abi3.so", folder / "QtWidgets.abi3.so"]
    output = "".join(run_tool(["ldd", str(file)]) or "" for file in files)
    return set(NOT_FOUND.findall(output))


def _needed_groups() -> list[str]:
    if os.environ.get("DISPLAY"):
        return ["drawing", "x11"]
    return ["drawing", "wayland"] if os.environ.get("WAYLAND_DISPLAY") else ["drawing"]


def _apt_line(libraries: set[str]) -> str:
    table: dict[str, dict[str, str]] = read_json_resource("system", "qt_libraries.json")
    packages = {name: package for group in table.values() for name, package in group.items()}
    known = sorted({packages[library] for library in libraries if library in packages})
    if not known or shutil.which("apt-get") is None:
        return f"Install the packages of your system that hold {_listed(libraries)}."
    return f"sudo apt-get install -y {' '.join(known)}"


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def check_fonts() -> Check:
    """Qt finds a font; without one every text is drawn as empty boxes."""
    result = probe(FONT_SNIPPET, {"QT_QPA_PLATFORM": "offscreen"})
    if result.facts is None:
        sentence = f"Qt could not be asked for its fonts: {result.last_words}."
        return Check("Fonts", False, sentence, "Mend PySide6 and the system libraries first.")
    if not result.facts["families"]:
        return Check(
            "Fonts",
            False,
            "There is no font, so no text can be drawn.",
            "sudo apt-get install -y fonts-dejavu-core",
        )
    sentence = f"{result.facts['families']} font families are there."
    if not result.facts["chinese"]:
        sentence = f"{sentence} None of them has Chinese, Japanese or Korean characters."
        return Check("Fonts", None, sentence, "sudo apt-get install -y fonts-noto-cjk")
    return Check("Fonts", True, sentence)


def check_screen() -> Check:
    """A window can really be opened."""
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not named and not os.environ.get("QT_QPA_PLATFORM"):
        sentence = (
            "There is no screen here; the command line works, and the demo draws its pictures without one."
        )
        return Check("Screen", None, sentence, "ptft-gui demo --offscreen")
    result = probe(SCREEN_SNIPPET)
    if result.facts is None:
        sentence = f"A screen is named, and no window can be opened on it: {result.last_words}."
        return Check("Screen", False, sentence, "ptft-gui demo --offscreen")
    facts = result.facts
    sentence = f"A window can be opened ({facts['platform']}, {facts['width']} x {facts['height']})."
    return Check("Screen", True, sentence)
