"""Questions about a run that is not begun yet: how its text is cut, and what it would take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ptft_gui.core.companion_protocol import CANCEL, Request, encode_request
from ptft_gui.core.fit import estimate_from_dict
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import RunSpec, new_spec
from tests.inspection.language_models import SENTENCES, save_tiny_bert
from tests.worker.companion_process import PATIENCE_S, Companion

STORY = "The old ship left the harbour before the wind. Nobody saw the captain again that winter.\n"


@pytest.fixture
def companion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Companion]:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    started = Companion(tmp_path / "companion.log")
    assert started.replies.get(timeout=PATIENCE_S).kind == "ready"
    yield started
    assert started.strange_lines == []
    started.close()


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "story.txt"
    path.write_text(STORY * 300, encoding="utf-8")
    return str(path)


def record(spec: RunSpec) -> dict[str, object]:
    found: dict[str, object] = json.loads(spec.to_json())
    return found


def test_a_sentence_is_shown_in_its_tokens(companion: Companion, story: str) -> None:
    told = companion.result("cut_text", family="bert", dataset=story, text="The captain left.")
    pieces = told["cut"]["pieces"]
    assert [told["cut"]["text"][start:end] for start, end, _ in pieces] == ["The", "captain", "left", "."]
    assert (told["tokenizer"], told["is_estimate"], told["characters"]) == (
        "wordpiece",
        False,
        len(STORY.strip()) * 300,
    )
    assert told["tokens"] == pytest.approx(told["train_characters"] / told["characters_per_token"], rel=0.01)
    characters = companion.result("cut_text", family="gpt", dataset=story)
    assert (characters["tokenizer"], characters["characters_per_token"]) == ("characters", 1.0)


def test_probes_are_taken_from_the_text(companion: Companion, story: str) -> None:
    blanks = companion.result("cut_text", family="bert", dataset=story)["probes"]
    assert blanks
    assert all(probe.count("[MASK]") == 1 for probe in blanks)
    begins = companion.result("cut_text", family="gpt", dataset=story)["probes"]
    assert begins
    assert all(begin in STORY for begin in begins)


def test_a_large_text_is_judged_by_its_beginning(companion: Companion, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_text("".join(f"Line {n} of a long story.\n" for n in range(150_000)), encoding="utf-8")
    told = companion.result("cut_text", family="gpt", dataset=str(path), tokenizer="bpe", vocab_size=400)
    assert told["is_estimate"]
    assert told["vocabulary"] == 400
    assert told["characters"] == pytest.approx(path.stat().st_size, rel=0.02)


def test_what_is_no_text_is_told_in_words(companion: Companion, tmp_path: Path) -> None:
    reply = companion.last_reply(companion.ask("cut_text", family="gpt", dataset=str(tmp_path / "none.txt")))
    assert "none.txt" in reply.problem().message
    reply = companion.last_reply(companion.ask("cut_text", family="word2vec", dataset="news"))
    assert "gpt, bert" in reply.problem().message
    reply = companion.last_reply(companion.ask("dry_run", spec={"family": "gpt"}))
    assert "data" in reply.problem().message


def test_a_run_is_measured_once_and_another_length_needs_no_trial(companion: Companion, story: str) -> None:
    shape = {"layers": 1, "width": 16, "heads": 1, "block_size": 32, "global_batch_size": 4}
    spec = new_spec("gpt", story, preset="tiny", settings={**shape, "max_steps": 400})
    first = estimate_from_dict(companion.result("dry_run", spec=record(spec)))
    assert first.tokens_per_second
    assert first.minutes == pytest.approx(400 * 4 * 32 / first.tokens_per_second / 60)
    assert (first.micro_batch_size, first.global_batch_size, first.accumulation) == (4, 4, 1)
    assert first.peak_memory_bytes > 50e6
    assert first.disk_bytes > 4 * first.parameters
    assert first.free_memory_bytes > 0
    longer = new_spec("gpt", story, preset="tiny", settings={**shape, "max_steps": 800})
    again = estimate_from_dict(companion.result("dry_run", spec=record(longer)))
    assert again.tokens_per_second == first.tokens_per_second
    assert again.minutes == pytest.approx(2 * first.minutes)


def test_nothing_is_measured_beside_a_run(companion: Companion, story: str, tmp_path: Path) -> None:
    runs = tmp_path / "home" / "runs"
    create_run(runs, new_spec("gpt", story, name="The other one"))  # a moment ago: it is being started
    reply = companion.last_reply(companion.ask("dry_run", spec=record(new_spec("gpt", story, preset="tiny"))))
    assert "The other one is being trained now" in reply.problem().message


def test_a_trial_that_nobody_waits_for_ends(companion: Companion, story: str, tmp_path: Path) -> None:
    spec = new_spec("bert", story, preset="best")
    asked = companion.ask("dry_run", spec=record(spec))
    while companion.replies.get(timeout=PATIENCE_S).kind != "progress":
        pass
    companion.write(encode_request(Request(asked, CANCEL)))
    assert companion.last_reply(asked).kind == "cancelled"


def test_a_start_that_has_read_another_language_is_told(companion: Companion, tmp_path: Path) -> None:
    start = save_tiny_bert(tmp_path / "start")
    known, foreign = tmp_path / "known.txt", tmp_path / "foreign.txt"
    known.write_text("\n".join(SENTENCES) * 200, encoding="utf-8")
    foreign.write_text("满纸荒唐言，一把辛酸泪。都云作者痴，谁解其中味。\n" * 300, encoding="utf-8")
    told = companion.result("cut_text", family="bert", dataset=str(known), start=str(start))["start"]
    assert told["fits"], told
    told = companion.result("cut_text", family="bert", dataset=str(foreign), start=str(start))["start"]
    assert not told["fits"]
    assert told["unknown_share"] > 0.5
    assert "Expect a weak result" in told["sentence"]
