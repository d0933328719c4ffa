"""``ptft-gui demo --pictures``: its list covers what is to be looked at, and it makes each picture that it lists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from ptft_gui.core.errors import PtftError
from ptft_gui.core.spec import problems_of
from ptft_gui.gui.demo.picture_list import KINDS, RACE_RUNS, RUN_TABS, SCREENS, Wanted
from ptft_gui.gui.demo.picture_looks import ENLARGED_LOOKS, LOOKS
from ptft_gui.gui.demo.picture_runs import memorising_spec, wanted_runs

_TO_BE_KEPT = (
    "Home, New run empty, New run ready, Data decisions, Train at 5 %, Train at 50 %, Train finished, "
    "Train memorising, Train failed, Train lost, Explore neighbours, Explore analogy, Explore map, Try it, "
    "Evaluate, Compare, Present"
)


def take(folder: Path, *arguments: str, seconds: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ptft_gui", "demo", "--pictures", str(folder), *arguments]
    home = {**os.environ, "PTFT_HOME": str(folder / "home")}
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=home, check=False)


def test_every_kind_of_picture_is_on_the_list() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(set(names)) == len(names)
    assert list(KINDS) == _TO_BE_KEPT.split(", ")
    assert {name for shown in KINDS.values() for name in shown} <= set(names)


def test_every_screen_is_seen_in_three_sizes_light_and_dark() -> None:
    seen = {(look.width, look.height, look.theme) for look in LOOKS}
    sizes = ((1024, 700), (1280, 800), (1920, 1080))
    assert seen == {(*size, theme) for size in sizes for theme in ("light", "dark")}
    assert {look.theme for look in ENLARGED_LOOKS} == {"light", "dark"}


def test_a_picture_names_only_runs_that_are_made() -> None:
    keys = {wanted.key for wanted in wanted_runs()}
    assert {key for screen in SCREENS for key in screen.runs} == keys == {*RUN_TABS, *RACE_RUNS}


def test_a_part_is_chosen_by_how_its_names_begin() -> None:
    wanted = Wanted(["new-run", "failed"])
    assert {screen.name for screen in wanted.screens()} >= {"new-run-empty", "new-run-bert", "failed-train"}
    assert not wanted.has("home")
    assert wanted.has_any("failed-")
    assert wanted.runs() == {"kingdom", "gpt", "bert", "sorting", "names", "answers", "failed"}
    assert wanted.missing_from([screen.name for screen in wanted.screens()][1:]) == ["new-run-empty"]
    with pytest.raises(PtftError, match="No picture is called hoem"):
        Wanted(["hoem"])


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    root = Path(__file__).parents[2]
    places = re.findall(r"!\[[^]]+\]\(([^)]+)\)", (root / "README.md").read_text(encoding="utf-8"))
    assert len(places) >= 4
    for place in places:
        assert not QImage(str(root / place)).isNull(), place
        assert (root / place).stat().st_size < 200_000, place


def test_the_run_that_memorises_can_be_started_and_holds_text_out(tmp_path: Path) -> None:
    spec = memorising_spec(tmp_path)
    assert problems_of(spec) == []
    assert spec.data.val_fraction, (
        "so short a text is kept whole unless it is asked for, and then nothing is memorised"
    )


def test_a_name_that_no_picture_has_is_refused(tmp_path: Path) -> None:
    done = take(tmp_path / "p", "--only", "hoem", seconds=120)
    assert done.returncode == 2
    assert "No picture is called hoem." in done.stderr
    assert not (tmp_path / "p").exists()


@pytest.mark.slow
def test_a_part_is_taken_in_every_look(tmp_path: Path) -> None:
    done = take(tmp_path, "--only", "failed", "--only", "home", "--only", "dialog-about", seconds=900)
    assert done.returncode == 0, done.stderr
    names = {path.stem for path in tmp_path.glob("*.png")}
    looks = [look.name for look in LOOKS]
    assert {f"{name}-{look}" for name in ("home", "failed-train") for look in looks} <= names
    assert {"dialog-about-light", "dialog-about-dark"} <= names
    told = [line for line in done.stdout.splitlines() if line.endswith(".png")]
    assert sorted(told) == sorted(path.name for path in tmp_path.glob("*.png"))
    small, large = (QImage(str(tmp_path / f"home-{size}-light.png")) for size in ("1024x700", "1920x1080"))
    assert (small.width(), small.height()) == (1024, 700)
    assert (large.width(), large.height()) == (1920, 1080)
