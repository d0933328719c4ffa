"""What was chosen once: kept whole, read with care, and used where a run leaves it open."""

import dataclasses
import json

import pytest

from ptft_gui.core.errors import PtftError
from ptft_gui.core.paths import cache_folder, runs_folder
from ptft_gui.core.preferences import (
    Preferences,
    check_network,
    keep_preferences,
    preferences_file,
    read_preferences,
    with_preferences,
)
from ptft_gui.core.spec import new_spec


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PTFT_RUNS", raising=False)


def test_what_was_kept_is_read_again(tmp_path):
    chosen = Preferences(
        runs=str(tmp_path), cache=str(tmp_path / "c"), device="cpu", threads=3, network=False
    )
    keep_preferences(chosen)
    assert read_preferences() == chosen


@pytest.mark.parametrize(
    "text", ["", "[]", "{nonsense", "[" * 100_000, '{"threads": "two", "device": "tpu"}']
)
def test_a_damaged_file_is_as_if_nothing_had_been_chosen(text):
    preferences_file().parent.mkdir(parents=True)
    preferences_file().write_text(text)
    assert read_preferences() == Preferences()


def test_what_makes_sense_is_kept_beside_what_does_not():
    preferences_file().parent.mkdir(parents=True)
    preferences_file().write_text(json.dumps({"threads": 10**9, "runs": "not/absolute", "network": False}))
    assert read_preferences() == Preferences(network=False)


def test_folders_are_used_unless_another_is_asked_for(tmp_path, monkeypatch):
    keep_preferences(Preferences(runs=str(tmp_path / "mine"), cache=str(tmp_path / "cache")))
    assert runs_folder() == tmp_path / "mine"
    assert cache_folder() == tmp_path / "cache"
    assert runs_folder(tmp_path / "asked") == tmp_path / "asked"
    monkeypatch.setenv("PTFT_RUNS", str(tmp_path / "named"))
    assert runs_folder() == tmp_path / "named"


def test_a_run_that_leaves_it_open_is_started_as_preferred():
    spec = new_spec("word2vec", "little-kingdom")
    assert with_preferences(spec, Preferences()) == spec
    assert with_preferences(spec, Preferences(threads=3)).options["workers"] == 3
    own = new_spec("word2vec", "little-kingdom", settings={"workers": 1})
    assert with_preferences(own, Preferences(threads=3)).options["workers"] == 1


def test_a_device_that_such_a_run_cannot_use_is_left_open(monkeypatch):
    monkeypatch.setattr("ptft_gui.core.preferences.has_graphics_card", lambda: True)
    fast = new_spec("word2vec", "little-kingdom")
    assert with_preferences(fast, Preferences(device="cuda")).options["device"] == "cuda"
    spec = new_spec("word2vec", "little-kingdom", settings={"trainer": "gensim"})
    assert with_preferences(spec, Preferences(device="cuda")).options["device"] is None
    assert with_preferences(spec, Preferences(device="cpu")).options["device"] == "cpu"
    monkeypatch.setattr("ptft_gui.core.preferences.has_graphics_card", lambda: False)
    assert with_preferences(fast, Preferences(device="cuda")).options["device"] is None


def test_with_the_network_off_the_hub_is_not_asked():
    check_network()
    keep_preferences(dataclasses.replace(Preferences(), network=False))
    with pytest.raises(PtftError, match="switched off in Preferences"):
        check_network()


def test_a_home_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "file"))
    with pytest.raises(PtftError, match="cannot be kept"):
        keep_preferences(Preferences(threads=1))
