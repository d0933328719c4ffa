"""The report of a run: whole, true, harmless, and silent about a person's sentences unless asked for."""

import json
import re
import shutil
import subprocess
from datetime import datetime
from html.parser import HTMLParser

import numpy as np
import pytest

from ptft_gui.core import events as ev
from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.report import read_facts, report_html, write_report
from ptft_gui.core.report.curves import Chart, chart_svg, line_of, tick_text, ticks_between
from ptft_gui.core.report.page import POLICY
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from tests.gui.fixtures_runs import living, make_run

NOW = datetime(2026, 11, 26, 12, 0)
VOID = {"meta", "line", "circle", "polyline"}
SECRET = "My neighbour Zephaniah wrote this sentence to nobody else"


class Page(HTMLParser):
    """What a page holds; fails on tags that do not match."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.words, self.attributes = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def sorting_run(runs, dataset):
    """A run that sorts texts, with scores and answers as its worker leaves them."""
    spec = new_spec(
        "word2vec", str(dataset), stage="finetune", task="classification", method="full", name="Letters"
    )
    run = create_run(runs, spec)
    log = EventWriter(run.events_file)
    log.write(ev.Started(attempt=1, versions={"ptft-gui": "0.1.0"}))
    values = {
        "task": "classification",
        "labels": ["yes", "no"],
        "label_counts": {"yes": 60, "no": 40},
        "seed": 3,
        "dataset_files": [{"path": str(dataset), "size": 1}],
        "parts": {"train": 70, "val": 15, "test": 15},
    }
    log.write(ev.Resolved(values=values, reasons={"epochs": f"As {dataset} needs it."}))
    log.write(ev.Notice(key="x", message=f"{dataset} has 3 empty rows."))
    for step in range(5):
        log.write(
            ev.Evaluated(
                step=step,
                epoch=step,
                metrics={
                    "train/loss": 1 / (step + 1),
                    "val/loss": 1.1 / (step + 1),
                    "val/accuracy": 0.5 + step / 10,
                },
            )
        )
    log.write(ev.Finished(step=4, seconds=9.0, metrics={}))
    log.close()
    part = {
        "rows": 15,
        "accuracy": 0.8,
        "accuracy_interval": [0.55, 0.93],
        "macro_f1": 0.79,
        "macro_f1_interval": [0.5, 0.9],
        "majority": 0.6,
        "majority_label": "yes",
        "matrix": [[8, 1], [2, 4]],
        "classes": [{"label": "yes", "precision": 0.8, "recall": 0.9, "f1": 0.84, "support": 9}],
    }
    plainer = {"test": [{"name": "TF-IDF", "accuracy": 0.611}, "nonsense"], "val": 3}
    report = {
        "task": "classification",
        "labels": ["yes", "no"],
        "test": part,
        "val": part,
        "baselines": plainer,
    }
    (run.path / "evaluation.json").write_text(json.dumps(report))
    rows = [
        {
            "part": "test",
            "key": "1",
            "row": 1,
            "text": SECRET,
            "label": "yes",
            "predicted": "no",
            "score": 0.97,
        }
    ]
    (run.path / "predictions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return run


def test_a_run_of_word_vectors_is_told_whole(tmp_path):
    run = make_run(tmp_path, "finished")
    page = Page(report_html(read_facts(run), NOW))
    for told in (
        "Wikipedia extract - Word2Vec",
        "Learned 8,599 words",
        "held-out",
        "guessing",
        "folk 0.71, poetry 0.69",
        "433,985",
        "Window (window)",
        "Fits a text of 433,985 words.",
        "gensim",
        "ptft-gui train --family word2vec --dataset wikipedia",
        "on 26 November 2026",
    ):
        assert told in page.text, told
    assert page.tags.count("svg") >= 1


def test_scores_stand_with_interval_baseline_and_matrix(tmp_path):
    page = Page(report_html(read_facts(sorting_run(tmp_path, tmp_path / "letters.csv")), NOW))
    for told in (
        "0.550 to 0.930",
        'Accuracy of always answering "yes"',
        "0.600",
        "On 15 test rows",
        "Accuracy was 0.800",
        "Accuracy of TF-IDF 0.611",
    ):
        assert told in page.text, told
    assert ("class", "matrix") in page.attributes


def test_each_class_is_told_with_its_rows_and_each_score_with_what_it_means(tmp_path):
    page = Page(report_html(read_facts(sorting_run(tmp_path, tmp_path / "letters.csv")), NOW))
    assert "Class Precision Recall F1 Rows yes 0.800 0.900 0.840 9" in page.text
    for told in ("Accuracy: The share of rows", "Macro F1: A score for", "Interval: The range"):
        assert told in page.text, told
    assert "Perplexity:" not in page.text


def test_the_paragraph_tells_how_often_the_test_rows_were_looked_at_as_the_window_does(tmp_path):
    run = sorting_run(tmp_path, tmp_path / "letters.csv")
    assert "was consulted" not in Page(report_html(read_facts(run), NOW)).text
    sorting_run(tmp_path, tmp_path / "letters.csv")
    assert "The test set was consulted 2 times" in Page(report_html(read_facts(run), NOW)).text


def test_what_it_scored_before_stands_beside_what_it_scores_now(tmp_path):
    page = Page(report_html(read_facts(sorting_run(tmp_path, tmp_path / "letters.csv")), NOW))
    assert "Held-out rows answered right: 0.500 before, 0.900 after." in page.text
    alone = Page(report_html(read_facts(make_run(tmp_path / "other", "finished")), NOW))
    assert "Before and after" not in alone.text


def language_run(runs):
    """A GPT that learned from a person's text."""
    run = create_run(runs, new_spec("gpt", "mine.txt", name="Plays"))
    log = EventWriter(run.events_file)
    log.write(ev.Started(attempt=1))
    log.write(ev.Resolved(values={"characters_per_token": 2.0}))
    log.write(ev.Baseline(metric="val/loss", value=3.0, label="guessing"))
    for step, loss in enumerate((3.5, 2.0, 2.5)):
        log.write(ev.Evaluated(step=step, epoch=step, metrics={"train/loss": loss, "val/loss": loss}))
    log.write(ev.Finished(step=2))
    log.close()
    return run


def test_a_language_model_is_told_with_its_perplexity_beside_guessing(tmp_path):
    page = Page(report_html(read_facts(language_run(tmp_path)), NOW))
    assert "Perplexity Bits per character Loss, in nats Model 7.39 1.44 2.00" in page.text
    assert "Guessing by how common a token is 20.1 2.16 3.00" in page.text
    assert "Perplexity: Between how many equally likely tokens" in page.text
    assert "Score to report" not in page.text


def test_analogies_are_not_called_rows(tmp_path):
    run = make_run(tmp_path, "finished")
    log = EventWriter(run.events_file)
    for step in (0, 440):
        log.write(ev.Evaluated(step=step, epoch=step, metrics={"val/loss": 2.0, "val/accuracy": 0.1 * step}))
    log.close()
    told = Page(report_html(read_facts(run), NOW)).text
    assert "Analogies answered rightly" in told
    assert "rows answered rightly" not in told


def test_a_narrow_page_and_paper_show_all_of_it(tmp_path):
    text = report_html(read_facts(sorting_run(tmp_path, tmp_path / "letters.csv")), NOW)
    assert ("data-head", "Why") in Page(text).attributes
    narrow = text[text.index("@media (max-width") :]
    assert ".stack td{display:block" in narrow.replace(".stack th,", "")
    assert "details::details-content{content-visibility:visible" in text[text.index("@media print") :]


def test_a_run_kept_by_its_score_does_not_call_the_loss_of_that_moment_the_best(tmp_path):
    run = sorting_run(tmp_path, tmp_path / "letters.csv")
    facts = read_facts(run)
    assert "best held-out loss" in Page(report_html(facts, NOW)).text
    facts.summary.resolved.values["kept_by"] = "accuracy"
    told = Page(report_html(facts, NOW)).text
    assert "held-out loss of the kept moment" in told
    assert "best held-out loss" not in told


def test_the_report_of_answers_tells_from_which_threshold_on_nothing_is_said(tmp_path):
    spec = new_spec(
        "bert", "asked.json", stage="finetune", task="question-answering", method="full", init_from="folder",
        init="starter",
    )  # fmt: skip
    run = create_run(tmp_path, spec)
    log = EventWriter(run.events_file)
    log.write(ev.Started(attempt=1))
    log.write(ev.Finished(step=9))
    log.close()
    test = {
        "rows": 40, "definition": "squad", "exact_match": 0.5, "f1": 0.61, "always_none": 0.2,
        "unanswered": {"rows": 8}, "no_answer_threshold": 2.5,
    }  # fmt: skip
    (run.path / "evaluation.json").write_text(json.dumps({"test": test}), encoding="utf-8")
    shown = Page(report_html(read_facts(run), NOW))
    assert "No answer from a margin of, in nats (chosen on validation) 2.5" in shown.text
    assert "scores more than 2.5 nats above the best passage; this threshold was chosen" in shown.text


def test_a_persons_sentences_and_folders_stay_out_unless_asked_for(tmp_path):
    run = sorting_run(tmp_path / "runs", tmp_path / "private folder" / "letters.csv")
    text = report_html(read_facts(run), NOW)
    assert SECRET not in text
    assert "private folder" not in text
    assert str(tmp_path) not in text
    assert "letters.csv has 3 empty rows." in text
    assert "No sentences of the data are in this report." in text
    asked = report_html(read_facts(run, shows_sentences=True), NOW)
    assert SECRET in asked
    assert "private folder" not in asked


def test_what_a_model_wrote_is_a_sentence_too(tmp_path):
    run = make_run(tmp_path, "finished", dataset=str(tmp_path / "mine.txt"))
    log = EventWriter(run.events_file)
    for step in (0, 440):
        log.write(ev.Probe(step=step, name="p1", kind="continue", input="Dear", answer=SECRET))
    log.close()
    assert SECRET not in report_html(read_facts(run), NOW)
    assert SECRET in report_html(read_facts(run, shows_sentences=True), NOW)
    bundled = make_run(tmp_path, "finished", dataset="news")
    assert read_facts(bundled).shows_sentences


def test_nothing_in_it_reaches_out_or_runs_whatever_the_texts_say(tmp_path):
    evil = '"><script>alert(1)</script><img src=http://x.example/a onerror=alert(2)>&lt;'
    run = make_run(tmp_path, "finished")
    run.rename(evil)
    log = EventWriter(run.events_file)
    for step in (0, 440):
        log.write(ev.Probe(step=step, name=evil, kind="similar", input=evil, answer=[[evil, 0.5]]))
    log.write(ev.Notice(key="x", message=evil))
    log.close()
    text = report_html(read_facts(run), NOW)
    page = Page(text)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "link" not in page.tags
    assert evil in page.text
    names = {name for name, _ in page.attributes}
    assert not names & {"src", "href", "onerror", "onload", "action"}
    assert f'content="{POLICY}"' in text
    assert not re.search(r"url\(|@import", text)


@pytest.mark.parametrize(
    "kind", ["stopped", "failed", "lost", "start_failed", "memorised", "nothing_held_out"]
)
def test_every_end_can_be_reported(tmp_path, kind):
    page = Page(report_html(read_facts(make_run(tmp_path, kind)), NOW))
    assert "nan" not in page.text.lower().split()
    assert "None" not in page.text


def test_damaged_files_leave_the_rest_of_the_report(tmp_path):
    run = sorting_run(tmp_path, tmp_path / "letters.csv")
    (run.path / "evaluation.json").write_text(
        '{"labels": 3, "test": [1], "val": {"matrix": 5, "classes": "x"}}'
    )
    (run.path / "predictions.jsonl").write_text("{nonsense\n[]\n")
    run.spec_file.write_text("{nonsense")
    Page(report_html(read_facts(run, shows_sentences=True), NOW))
    (run.path / "evaluation.json").write_text("[" * 100_000)
    assert "Letters" in run.title() or Page(report_html(read_facts(run), NOW)).text


def test_it_is_written_as_html_and_only_when_the_run_has_ended(tmp_path):
    run = make_run(tmp_path / "runs", "finished")
    written = write_report(run, tmp_path / "for you")
    assert written.name == "for you.html"
    Page(written.read_text(encoding="utf-8"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["for you.html", "runs"]
    with (
        living(live := make_run(tmp_path / "runs", "running")),
        pytest.raises(PtftError, match="has not ended"),
    ):
        write_report(live, tmp_path / "x")
    with pytest.raises(PtftError, match="cannot be written"):
        write_report(run, tmp_path / "no" / "such" / "folder.html")


def test_a_long_curve_keeps_its_peaks_and_its_ends():
    steps = np.arange(100_000.0)
    values = np.sin(steps / 3_000)
    values[54_321] = 9.0
    line = line_of("x", "training", steps, values)
    assert len(line.x) < 1_300
    assert (line.x[0], line.x[-1]) == (0.0, 99_999.0)
    assert line.y.max() == 9.0
    assert chart_svg(Chart("t", "step", "loss", (line,))).count("<polyline") == 1


def test_gaps_and_lone_points_draw_nothing_wrong():
    nothing = line_of("x", "training", [1.0, 2.0], [float("nan"), float("inf")])
    assert chart_svg(Chart("t", "step", "loss", (nothing,))) == ""
    flat = line_of("x", "training", [1.0, 2.0], [3.0, 3.0])
    assert "nan" not in chart_svg(Chart("t", "step", "loss", (flat,), ("guessing", 1e9)))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (2.01, 2.04), (-3, 1e6), (1e-6, 3e-6)])
def test_ticks_are_round_apart_and_told_apart(low, high):
    ticks = ticks_between(low, high)
    assert 3 <= len(ticks) <= 7
    texts = [tick_text(tick, ticks[1] - ticks[0]) for tick in ticks]
    assert len(set(texts)) == len(texts)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this computer")
def test_a_real_browser_shows_it_without_a_word_of_complaint(tmp_path):
    written = write_report(make_run(tmp_path / "runs", "finished"), tmp_path / "report.html")
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    command += ["--enable-logging=stderr", "--v=0", "--window-size=1000,2400"]
    picture = tmp_path / "report.png"
    shown = subprocess.run(
        [*command, f"--screenshot={picture}", written.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert picture.stat().st_size > 50_000
    assert "CONSOLE" not in shown.stderr
    dumped = subprocess.run(
        [*command, "--dump-dom", written.as_uri()], capture_output=True, text=True, timeout=120, check=True
    ).stdout
    assert dumped.count("<polyline") == written.read_text(encoding="utf-8").count("<polyline")
    assert "folk 0.71" in dumped
