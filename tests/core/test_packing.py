"""A run packed, carried elsewhere and opened; and packs that were made to do harm, each refused with a sentence."""

import hashlib
import json
import shutil
import stat
import zipfile

import pytest

from ptft_gui.core.errors import PtftError
from ptft_gui.core.overview import overview
from ptft_gui.core.packing import MANIFEST, PACK_SUFFIX, pack_run, unpack_run
from ptft_gui.core.rundir import list_runs
from tests.gui.fixtures_runs import living, make_run


@pytest.fixture
def run(tmp_path):
    run = make_run(tmp_path / "here", "finished")
    step = run.checkpoints / "step-00000440"
    step.mkdir(parents=True)
    (step / "state.json").write_text("{}")
    return run


@pytest.fixture
def there(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    return folder


@pytest.fixture
def pack(run, tmp_path):
    return pack_run(run, tmp_path / "for you")


def entry(name, data):
    return {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def rebuilt(pack, change, infos=None):
    """The same pack after ``change(files, manifest)``; ``infos``: what a member of that name is written with."""
    with zipfile.ZipFile(pack) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    manifest = json.loads(files.pop(MANIFEST))
    change(files, manifest)
    with zipfile.ZipFile(pack, "w") as archive:
        for name, data in files.items():
            archive.writestr((infos or {}).get(name, name), data)
        archive.writestr(MANIFEST, json.dumps(manifest))
    return pack


def refused(pack, there):
    """The sentence with which the pack is refused; nothing of it may stay."""
    with pytest.raises(PtftError) as met:
        unpack_run(pack, there)
    assert list(there.iterdir()) == []
    assert not (there.parent / "escaped.json").exists()
    assert pack.name in met.value.message
    return met.value


def test_a_run_comes_out_as_it_went_in(run, pack, there):
    assert pack.name == f"for you{PACK_SUFFIX}"
    opened = unpack_run(pack, there)
    assert opened.name == run.name
    assert opened.title() == run.title()
    assert overview(opened) == overview(run)
    for name in ("spec.json", "events.jsonl", "model/vectors.safetensors", "model/vocab.jsonl"):
        assert (opened.path / name).read_bytes() == (run.path / name).read_bytes()
    assert not opened.checkpoints.exists()
    assert not opened.worker_file.exists()


def test_checkpoints_travel_when_asked_for(run, tmp_path, there):
    seen = []
    pack = pack_run(run, tmp_path / "all.ptftpack", with_checkpoints=True, on_progress=seen.append)
    opened = unpack_run(pack, there)
    assert (opened.checkpoints / "step-00000440" / "state.json").read_text() == "{}"
    assert seen[-1] == 1.0


def test_texts_of_a_person_stay_at_home_unless_they_are_asked_for(run, tmp_path, there):
    (run.path / "predictions.jsonl").write_text(
        '{"part": "test", "text": "Dear doctor", "predicted": "no"}\n'
    )
    with zipfile.ZipFile(pack_run(run, tmp_path / "few")) as archive:
        assert not any(b"Dear doctor" in archive.read(name) for name in archive.namelist())
    opened = unpack_run(pack_run(run, tmp_path / "all", with_rows=True), there)
    assert "Dear doctor" in (opened.path / "predictions.jsonl").read_text()


def test_what_is_wrong_with_a_file_is_said_without_words_of_programmers(pack, there):
    whole = pack.read_bytes()
    pack.write_bytes(whole[: len(whole) // 2])
    assert refused(pack, there).detail == "Its end is missing, or it is another file."
    with zipfile.ZipFile(pack, "w") as archive:
        archive.writestr("spec.json", "{}")
    assert refused(pack, there).detail == "It has no list of what is in it."
    place = whole.index(b"vectors.safetensors") + 300
    pack.write_bytes(
        whole[:place] + bytes(255 - byte for byte in whole[place : place + 8]) + whole[place + 8 :]
    )
    assert refused(pack, there).detail == "A part of it is not as it was packed."


def test_a_run_that_is_there_already_is_left_alone(pack, there):
    first, second = unpack_run(pack, there), unpack_run(pack, there)
    assert second.name == f"{first.name}-2"
    assert len(list_runs(there)) == 2


def test_a_running_run_is_not_packed(run, tmp_path):
    with living(run), pytest.raises(PtftError, match="is still running"):
        pack_run(run, tmp_path / "x")


@pytest.mark.parametrize(
    "name",
    [
        "../escaped.json",
        "/tmp/escaped.json",
        "model/../../escaped.json",
        "model\\..\\escaped.json",
        "C:escaped.json",
        "model//x.json",
        "./model/x.json",
        ".hidden.json",
        "model/.hidden.json",
        "worker.json",
        "worker.lock",
        "other/x.json",
        "model/a/b/c/d/e.json",
        "model/x\n.json",
        "model/" + "x" * 300 + ".json",
    ],
)
def test_names_that_lead_elsewhere_are_refused(pack, there, name):
    def change(files, manifest):
        files[name] = b"{}"
        manifest["files"].append(entry(name, b"{}"))

    problem = refused(rebuilt(pack, change), there)
    assert "will not be opened" in problem.message


@pytest.mark.parametrize(
    "name", ["model/weights.pkl", "model/pytorch_model.bin", "model/run.py", "model/x.so"]
)
def test_files_that_could_hide_a_program_are_refused(pack, there, name):
    def change(files, manifest):
        files[name] = b"x"
        manifest["files"].append(entry(name, b"x"))

    assert "of a kind that no run is made of" in refused(rebuilt(pack, change), there).detail


def test_a_link_is_refused(pack, there):
    info = zipfile.ZipInfo("model/x.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16

    def change(files, manifest):
        files["model/x.json"] = b"/etc/passwd"
        manifest["files"].append(entry("model/x.json", b"/etc/passwd"))

    assert "link" in refused(rebuilt(pack, change, {"model/x.json": info}), there).detail


def test_a_file_that_the_list_does_not_name_is_refused(pack, there):
    refused(rebuilt(pack, lambda files, _: files.update({"model/extra.json": b"{}"})), there)


def test_a_file_listed_twice_or_in_two_spellings_is_refused(pack, there):
    def change(files, manifest):
        files["model/CONFIG.json"] = b"{}"
        manifest["files"].append(entry("model/CONFIG.json", b"{}"))

    assert "two files of one name" in refused(rebuilt(pack, change), there).detail


def test_a_huge_member_is_refused_before_anything_is_written(pack, there):
    def change(files, manifest):
        next(e for e in manifest["files"] if e["path"] == "events.jsonl")["bytes"] = 1 << 50

    assert "is said to have" in refused(rebuilt(pack, change), there).detail


def test_a_pack_that_unpacks_to_more_than_the_disk_holds_is_refused(pack, there, monkeypatch):
    usage = shutil.disk_usage(there)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    assert "no room" in refused(pack, there).message


def test_a_member_that_is_larger_than_every_word_about_it_is_refused(pack, there, tmp_path):
    """The sizes in list and archive are lies that agree; what comes out is cut off at once."""
    data = pack.read_bytes()
    with zipfile.ZipFile(pack) as archive:
        info = archive.getinfo("model/config.json")
        size = info.file_size.to_bytes(4, "little")
    changed = data.replace(size, (info.file_size - 3).to_bytes(4, "little"))
    pack.write_bytes(changed)
    with pytest.raises(PtftError):
        unpack_run(pack, there)
    assert list(there.iterdir()) == []


def test_a_newer_version_is_named(pack, there):
    def change(files, manifest):
        manifest.update(version=2, program="9.1")

    problem = refused(rebuilt(pack, change), there)
    assert problem.message == f"{pack.name} was packed by a newer version of ptft-gui (9.1)."


def test_a_newer_request_inside_is_named(pack, there):
    def change(files, manifest):
        spec = json.loads(files["spec.json"])
        data = json.dumps({**spec, "schema_version": 99}).encode()
        files["spec.json"] = data
        manifest["files"] = [e for e in manifest["files"] if e["path"] != "spec.json"]
        manifest["files"].append(entry("spec.json", data))

    assert "spec.json in" in refused(rebuilt(pack, change), there).message


def test_one_changed_byte_is_found(pack, there):
    def change(files, manifest):
        data = bytearray(files["model/vectors.safetensors"])
        data[-1] ^= 1
        files["model/vectors.safetensors"] = bytes(data)

    problem = refused(rebuilt(pack, change), there)
    assert "is damaged: model/vectors.safetensors is not as it was packed" in problem.message


@pytest.mark.parametrize("missing", ["spec.json", "events.jsonl"])
def test_a_pack_without_its_heart_is_refused(pack, there, missing):
    def change(files, manifest):
        del files[missing]
        manifest["files"] = [e for e in manifest["files"] if e["path"] != missing]

    assert refused(rebuilt(pack, change), there).detail == f"{missing} is missing."


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        [],
        {"format": "zip"},
        {"format": "ptft-run", "version": "x"},
        {"format": "ptft-run", "version": 1, "files": {}},
        {"format": "ptft-run", "version": 1, "files": [1]},
        {"format": "ptft-run", "version": 1, "files": [{"path": 1, "bytes": 1, "sha256": ""}]},
        {"format": "ptft-run", "version": 1, "files": [{"path": "spec.json", "bytes": -1, "sha256": ""}]},
    ],
)
def test_a_list_that_makes_no_sense_is_refused(pack, there, manifest):
    with zipfile.ZipFile(pack, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
    refused(pack, there)


@pytest.mark.parametrize("cut", [0, 10, 2_000, -200])
def test_a_pack_that_was_cut_off_is_refused(pack, there, cut):
    pack.write_bytes(pack.read_bytes()[:cut])
    refused(pack, there)


def test_a_manifest_without_end_is_not_read_to_its_end(pack, there):
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b" " * (64 << 20))
    assert "far too long" in refused(pack, there).detail
