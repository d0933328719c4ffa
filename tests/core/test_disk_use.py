"""What runs take on the disk, and cleaning up: results and the way to go on stay, living runs are left alone."""

import json

import pytest

from ptft_gui.core.disk_use import clean_up, disk_use, empty_cache, empty_trash_now
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.trash import trash_run
from tests.gui.fixtures_runs import living, make_run


def add_checkpoints(run, steps, damaged=()):
    for step in steps:
        folder = run.checkpoints / f"step-{step:08d}"
        folder.mkdir(parents=True)
        (folder / "state.json").write_text("x" * 100)
        size = 7 if step in damaged else 100
        (folder / "manifest.json").write_text(json.dumps({"files": {"state.json": {"bytes": size}}}))


def steps_of(run):
    return sorted(int(path.name.removeprefix("step-")) for path in run.checkpoints.glob("step-*"))


def test_the_largest_run_stands_first_with_what_is_spare(tmp_path):
    small, large = make_run(tmp_path, "failed"), make_run(tmp_path, "finished")
    add_checkpoints(small, [44])
    add_checkpoints(large, [88, 132, 176])
    use = disk_use(tmp_path)
    assert [run.name for run in use.runs] == [large.name, small.name]
    assert use.spare == use.runs[0].spare == 2 * (use.runs[0].checkpoints // 3)
    assert use.all_checkpoints == use.runs[0].checkpoints
    assert use.runs[1].spare == 0
    assert use.room.free > 0


def test_the_newest_whole_one_stays_to_go_on_from(tmp_path):
    run = make_run(tmp_path, "lost")
    add_checkpoints(run, [44, 88, 132], damaged=[132])
    freed = clean_up(tmp_path, [run.name])
    assert steps_of(run) == [88]
    assert freed > 200
    assert run.read_spec().family == "word2vec"


def test_where_no_checkpoint_is_whole_none_is_deleted(tmp_path):
    run = make_run(tmp_path, "lost")
    add_checkpoints(run, [44, 88], damaged=[44, 88])
    assert clean_up(tmp_path, [run.name]) == 0
    assert steps_of(run) == [44, 88]


def test_all_go_only_where_there_is_a_result(tmp_path):
    done, lost = make_run(tmp_path, "finished"), make_run(tmp_path, "lost")
    for run in (done, lost):
        add_checkpoints(run, [44, 88])
    clean_up(tmp_path, [done.name, lost.name], keeps_newest=False)
    assert steps_of(done) == []
    assert steps_of(lost) == [44, 88]
    assert (done.model / "vectors.safetensors").exists()


@pytest.mark.parametrize("keeps_newest", [True, False])
def test_a_living_run_is_left_alone(tmp_path, keeps_newest):
    run = make_run(tmp_path, "paused")
    add_checkpoints(run, [44, 88])
    with living(run):
        assert disk_use(tmp_path).is_busy
        assert clean_up(tmp_path, [run.name], keeps_newest=keeps_newest) == 0
    assert steps_of(run) == [44, 88]


def test_links_and_strange_names_are_never_followed(tmp_path):
    run = make_run(tmp_path / "runs", "finished")
    add_checkpoints(run, [44, 88])
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("all of it")
    (run.checkpoints / "step-00000010").symlink_to(precious)
    (run.checkpoints / "notes").mkdir()
    clean_up(tmp_path / "runs", [run.name], keeps_newest=False)
    assert (precious / "thesis.txt").exists()
    assert (run.checkpoints / "notes").is_dir()


def test_trash_and_cache_are_emptied(tmp_path, monkeypatch):
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    run = make_run(tmp_path / "runs", "finished")
    trash_run(run)
    (cache_folder() / "maps").mkdir(parents=True)
    (cache_folder() / "maps" / "a.npz").write_text("x" * 50)
    assert disk_use(tmp_path / "runs").cache == 50
    assert empty_trash_now(tmp_path / "runs") > 0
    assert empty_cache() == 50
    assert disk_use(tmp_path / "runs").trash == 0


def test_what_was_thrown_away_is_told_with_its_title_the_last_one_first(tmp_path):
    first, second = make_run(tmp_path, "finished"), make_run(tmp_path, "lost")
    second.rename("Words of my book")
    early, late = trash_run(first), trash_run(second)
    early.rename(early.with_name(f"{first.name}~1000"))
    late.rename(late.with_name(f"{second.name}~2000"))
    (tmp_path / ".trash" / "no run").mkdir()
    found = disk_use(tmp_path).thrown_away
    assert [run.name for run in found] == [f"{second.name}~2000", f"{first.name}~1000"]
    assert found[0].title == "Words of my book"
    assert found[0].moved == 2000
    assert found[0].size > 0
    assert found[1].title == RunDir(tmp_path / ".trash" / f"{first.name}~1000").title()
