"""Language models: BERT's tokens a second against transformers' own Trainer, and GPT's time to a known loss.

The goals. BERT of 4 layers, 256 wide, 32 blocks of 128 tokens: against Trainer with its defaults on the same model,
data and batch at least 5 times the tokens per second with a vocabulary of 30,522 and 2.3 times with 8,000 where the
processor multiplies bfloat16 (avx512_bf16 or amx), elsewhere 3 and 1.4 times. GPT on tiny Shakespeare by characters
(4 layers, 4 heads, 128 wide, block 64, batch 12, no dropout): 1.886 on the last tenth in at most half the time of the
recipe that nanoGPT gives for processors (AdamW, 0.001 falling to 0.0001 in 2,000 steps), aiming at a third.

Run it as a program, on a computer that does nothing else::

    PTFT_REAL_DATA=/path/to/collections python tests/benchmarks/bench_language.py [bert] [gpt] [--threads 2]
        [--steps 12] [--rounds 3] [--vocabulary 30522 8000] [--device cpu] [--seeds 3] [--loss-steps 100]
        [--gpt-steps 1000] [--gpt-optimizer muon]

With ``--seeds 3`` both sides of BERT also learn from the same blocks in the same order, and their held-out losses are
compared: within 1 % is the goal. On a graphics card the share of its peak that is used (MFU) is printed too.

The two sides of BERT take turns (Trainer, ours, Trainer, ours ...), each time in a process of its own with the same
threads: what one side asks of the allocator cannot be taken back for the other. The medians are compared, and the ratio
of each turn is told. Of the tokens 15 % are hidden, as in BERT and by default in transformers' collator. Trainer trains
the network that transformers builds, without anything that a run changes of it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.data.whole_request import corpus_request
from ptft_gui.engine.kept_memory import keep_freed_memory
from ptft_gui.engine.language.batches import order_of_epoch
from ptft_gui.engine.language.bert import BertLearner
from ptft_gui.engine.language.documents import RawText, prepare_raw_text
from ptft_gui.engine.language.gpt import GptLearner
from ptft_gui.engine.language.learner import Batch, TextLearner
from ptft_gui.engine.language.optimizers import Optimizers
from ptft_gui.engine.language.precision import autocast, choose_precision, processor_flags
from ptft_gui.engine.language.rates import rate_share
from ptft_gui.engine.language.resolve import resolve_cutting, resolve_plan, tokenizer_plan
from ptft_gui.engine.language.tokenizer import learn_tokenizer
from ptft_gui.engine.language.tokens import prepare_tokens
from ptft_gui.engine.language.watch import mean_loss

GOALS = {True: {30_522: 5.0, 8_000: 2.3}, False: {30_522: 3.0, 8_000: 1.4}}
KNOWN_LOSS, GPT_GOAL, GPT_AIM = 1.886, 0.5, 0.33
_ROUNDS = 3
_LOOK_EVERY = 50


def learner_of(spec: RunSpec, cache: Path) -> TextLearner:
    """The model of a spec with its text, as a run builds it."""
    text: RawText = prepare_raw_text(corpus_request(spec.data, 1), cache)
    cutting = resolve_cutting(spec, text)
    tokenizer = learn_tokenizer(text, tokenizer_plan(spec, cutting[0]), cache)
    tokens = prepare_tokens(text, tokenizer, cache)
    plan = resolve_plan(spec, text, tokenizer, tokens, cutting)
    return (BertLearner if spec.family == "bert" else GptLearner)(plan.values, tokenizer, tokens)


# --- BERT: tokens a second --------------------------------------------------------------------------------------


def bert_spec(collections: Path, vocabulary: int, options: argparse.Namespace) -> RunSpec:
    settings = {
        "layers": 4, "width": 256, "heads": 4, "block_size": 128, "global_batch_size": 32, "micro_batch_size": 32,
        "vocab_size": vocabulary, "tokenizer": "wordpiece", "dropout": 0.1, "optimizer": "adamw",
        "mlm_probability": 0.15, "max_steps": 1000, "device": options.device, "workers": options.threads,
    }  # fmt: skip
    return new_spec("bert", os.fspath(collections / "wikitext-2"), preset="quick", settings=settings)  # type: ignore[arg-type]


def with_vocabulary(learner: TextLearner, vocabulary: int) -> None:
    """Give the model the size of vocabulary that is compared, whatever the text could fill."""
    learner.model.resize_token_embeddings(-(-vocabulary // 64) * 64)  # type: ignore[operator]


def bert_rate_of_ours(learner: TextLearner, steps: int) -> tuple[float, str]:
    """Tokens a second of our step, and the precision that was measured to be the faster one."""
    size, block = int(learner.values["global_batch_size"]), int(learner.values["block_size"])
    optimizers = Optimizers(learner.model, "adamw", 0.1, learner.hidden)
    numbers = np.arange(size)

    def step(precision: str, epoch: int = 0) -> None:
        batch = learner.batch("train", numbers, epoch).to(learner.device)
        with autocast(learner.device, precision):
            loss = learner.loss_sum(batch) / batch.count
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learner.model.parameters(), 1.0)
        optimizers.step(1e-4)

    chosen, _ = choose_precision(learner.device, step)
    return size * block * steps / fastest(
        lambda: [step(chosen, epoch) for epoch in range(steps)], learner
    ), chosen


def bert_rate_of_trainer(learner: TextLearner, steps: int) -> float:
    """Tokens a second of Trainer with its defaults."""
    size, block = int(learner.values["global_batch_size"]), int(learner.values["block_size"])
    rows = [labelled(learner.batch("train", np.arange(size), epoch)) for epoch in range(steps)]
    return size * block * steps / trainer_seconds(learner, rows, size)


def labelled(batch: Batch) -> dict[str, torch.Tensor]:
    """A batch as transformers' collator makes it: -100 where nothing is guessed."""
    labels = torch.full_like(batch.inputs, -100).view(-1)
    labels[batch.places] = batch.targets
    return {
        "input_ids": batch.inputs,
        "attention_mask": torch.ones_like(batch.inputs),
        "labels": labels.view_as(batch.inputs),
    }


def network_of_transformers(learner: TextLearner) -> Any:
    """The same network as transformers builds it, without what a run changes of it."""
    config = type(learner.model.config).from_dict(learner.model.config.to_dict())
    return type(learner.model)(config).to(learner.device).train()


def trainer_seconds(learner: TextLearner, rows: Sequence[dict[str, torch.Tensor]], size: int) -> float:
    from transformers import Trainer, TrainerCallback, TrainingArguments

    examples = [{key: value[i] for key, value in row.items()} for row in rows for i in range(size)]
    stamps: list[float] = []

    class Clock(TrainerCallback):
        def on_step_end(self, *_: Any, **__: Any) -> None:
            stamps.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder,
            per_device_train_batch_size=size,
            num_train_epochs=1,
            save_strategy="no",
            disable_tqdm=True,
            use_cpu=learner.device.type == "cpu",
        )
        Trainer(
            network_of_transformers(learner), arguments, train_dataset=examples, callbacks=[Clock()]
        ).train()  # type: ignore[arg-type]
    return float(np.median(np.diff(stamps))) * len(rows)


def fastest(work: Callable[[], object], learner: TextLearner) -> float:
    """The least seconds of some rounds, after one that does not count."""
    found = []
    for number in range(_ROUNDS + 1):
        begin = time.perf_counter()
        work()
        if learner.device.type == "cuda":
            torch.cuda.synchronize()
        if number:
            found.append(time.perf_counter() - begin)
    return min(found)


@dataclass(frozen=True)
class Turn:
    """What one process measured."""

    rate: float
    """Tokens a second."""
    precision: str
    parameters: int


def measure_side(side: str, collections: Path, cache: Path, options: argparse.Namespace) -> Turn:
    """Build the model with the first vocabulary of the options and measure one side, in this process."""
    vocabulary = options.vocabulary[0]
    learner = learner_of(bert_spec(collections, vocabulary, options), cache)
    with_vocabulary(learner, vocabulary)
    if side == "trainer":
        return Turn(bert_rate_of_trainer(learner, options.steps), "float32", learner.parameters)
    keep_freed_memory()  # as a run does
    rate, precision = bert_rate_of_ours(learner, options.steps)
    return Turn(rate, precision, learner.parameters)


def turn_of(side: str, vocabulary: int, cache: Path, options: argparse.Namespace) -> Turn:
    """The same, in a process of its own."""
    command = [
        sys.executable, __file__, "--side", side, "--cache", str(cache), "--vocabulary", str(vocabulary),
        "--steps", str(options.steps), "--threads", str(options.threads), "--device", options.device,
    ]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Turn(**json.loads(done.stdout.splitlines()[-1]))


def compare_bert(collections: Path, cache: Path, options: argparse.Namespace) -> None:
    multiplies = bool(processor_flags().intersection(("avx512_bf16", "amx_bf16")))
    told = ", ".join(sorted(processor_flags().intersection(("avx2", "avx512f", "avx512_bf16", "amx_bf16"))))
    print(
        f"BERT, 4 layers, 256 wide, 32 x 128 tokens, {options.threads} threads; the processor has {told or 'none'}"
    )
    for vocabulary in options.vocabulary:
        learner_of(
            bert_spec(collections, vocabulary, options), cache
        )  # the text is prepared before the first turn
        turns = [
            (turn_of("trainer", vocabulary, cache, options), turn_of("ours", vocabulary, cache, options))
            for _ in range(options.rounds)
        ]
        theirs, ours = (statistics.median(turn.rate for turn in side) for side in zip(*turns, strict=True))
        each = ", ".join(f"{our.rate / their.rate:.2f}" for their, our in turns)
        last = turns[-1][1]
        goal = GOALS[multiplies].get(vocabulary)
        wanted = f"; goal {goal:g}" if goal else ""
        print(
            f"  vocabulary {vocabulary:6,}: ours {ours:7,.0f} tokens/s ({last.precision}), Trainer {theirs:7,.0f}; "
            f"ratio {ours / theirs:.2f} (turns: {each}){wanted}",
            flush=True,
        )
        if options.device == "cuda":
            print(f"    {told_use(last.parameters, ours)}")
        if options.seeds:
            compare_losses(collections, cache, vocabulary, last.precision, options)


PEAKS = {
    "H200": 989e12,
    "H100": 989e12,
    "A100": 312e12,
    "L40": 181e12,
    "L4": 121e12,
    "4090": 165e12,
    "3090": 71e12,
}
"""Multiplications and additions a second with bfloat16 that the makers give, by what the card's name holds."""


def told_use(parameters: int, rate: float) -> str:
    """Six operations for each number of the model and each token (Kaplan et al. 2020), against the card's peak."""
    name = torch.cuda.get_device_name()
    peak = next((value for key, value in PEAKS.items() if key in name), None)
    if peak is None:
        return f"{name}: its peak is not known"
    return f"{name}: {100 * 6 * parameters * rate / peak:.1f} % of its peak is used"


def compare_losses(
    collections: Path, cache: Path, vocabulary: int, precision: str, options: argparse.Namespace
) -> None:
    """Held-out loss after the same blocks: ours in the precision that was chosen, and all positions in 32 bits."""
    for seed in range(1, options.seeds + 1):
        found = []
        for is_ours in (True, False):
            spec = bert_spec(collections, vocabulary, options)
            spec = spec.model_copy(update={"options": {**spec.options, "seed": seed, "dropout": 0.0}})
            learner = learner_of(spec, cache)
            learner.values = {**learner.values, "precision": "float32"}
            found.append(learned_loss(learner, precision if is_ours else None, options.loss_steps))
        ours, theirs = found
        print(
            f"    seed {seed}: held-out loss ours {ours:.4f}, all positions {theirs:.4f}; "
            f"{100 * (ours / theirs - 1):+.2f} %; goal within 1 %",
            flush=True,
        )


def learned_loss(learner: TextLearner, precision: str | None, steps: int) -> float:
    """Train ``steps`` steps; without a precision all positions are compared with the vocabulary, as Trainer does."""
    size = int(learner.values["global_batch_size"])
    order = order_of_epoch(learner.blocks["train"].count, learner.seed, 0)
    optimizers = Optimizers(learner.model, "adamw", 0.1, learner.hidden)
    for step in range(min(steps, len(order) // size)):
        batch = learner.batch("train", order[step * size : (step + 1) * size], 0).to(learner.device)
        if precision is None:
            loss = learner.model(**{k: v.to(learner.device) for k, v in labelled(batch).items()}).loss
        else:
            with autocast(learner.device, precision):
                loss = learner.loss_sum(batch) / batch.count
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learner.model.parameters(), 1.0)
        optimizers.step(5e-4 * rate_share(step / steps, 0.05, "linear"))
    return mean_loss(learner, "val", learner.blocks["val"].spread(256), learner.values)


# --- GPT: time to a known loss -----------------------------------------------------------------------------------


def gpt_learner(
    collections: Path, cache: Path, options: argparse.Namespace, optimizer: str, rate: float
) -> TextLearner:
    settings = {
        "layers": 4, "width": 128, "heads": 4, "block_size": 64, "global_batch_size": 12, "tokenizer": "characters",
        "dropout": 0.0, "optimizer": optimizer, "learning_rate": rate, "split": "tail", "precision": "float32",
        "max_steps": options.gpt_steps, "device": options.device, "workers": options.threads,
    }  # fmt: skip
    text = os.fspath(collections / "tinyshakespeare" / "input.txt")
    return learner_of(new_spec("gpt", text, preset="tiny", settings=settings), cache)  # type: ignore[arg-type]


def seconds_to_loss(
    learner: TextLearner, steps: int, rate_at: Callable[[int], float], decay: float
) -> dict[str, float]:
    """Train, looking at the held-out text now and then; looking does not count. ``seconds`` to the known loss."""
    size, values = int(learner.values["global_batch_size"]), learner.values
    optimizers = Optimizers(learner.model, str(values["optimizer"]), decay, learner.hidden)
    held, spent, reached, loss = learner.blocks["val"].spread(10_000), 0.0, float("nan"), float("nan")
    count = learner.blocks["train"].count // size
    step = 0
    while step < steps:
        epoch = step // count
        order = order_of_epoch(learner.blocks["train"].count, 1, epoch)
        for place in range(count):
            begin = time.perf_counter()
            batch = learner.batch("train", order[place * size : (place + 1) * size], epoch).to(learner.device)
            (learner.loss_sum(batch) / batch.count).backward()
            torch.nn.utils.clip_grad_norm_(learner.model.parameters(), 1.0)
            optimizers.step(rate_at(step))
            step += 1
            spent += time.perf_counter() - begin
            if step % _LOOK_EVERY == 0 or step == steps:
                loss = mean_loss(learner, "val", held, values)
                if loss <= KNOWN_LOSS and np.isnan(reached):
                    reached = spent
            if step == steps:
                break
    return {"seconds": reached, "all": spent, "loss": loss, "step_ms": 1000 * spent / steps}


def nanogpt_rate(step: int, steps: int = 2000) -> float:
    """0.001 after 100 steps, as a cosine to 0.0001."""
    if step < 100:
        return 1e-3 * (step + 1) / 100
    return 1e-4 + 0.5 * (1 + np.cos(np.pi * (step - 100) / (steps - 100))) * 9e-4


def compare_gpt(collections: Path, cache: Path, options: argparse.Namespace) -> None:
    print(
        f"GPT on tiny Shakespeare by characters, {options.threads} threads: seconds to a loss of {KNOWN_LOSS}"
    )
    steps, rate = options.gpt_steps, options.gpt_rate
    ours = seconds_to_loss(
        gpt_learner(collections, cache, options, options.gpt_optimizer, rate),
        steps,
        lambda step: rate * rate_share(step / steps, 0.05, "cosine"),
        0.1,
    )
    print(f"  ours, {options.gpt_optimizer} {rate:g}, {steps:,} steps: {told_times(ours)}", flush=True)
    theirs = seconds_to_loss(gpt_learner(collections, cache, options, "adamw", 1e-3), 2000, nanogpt_rate, 0.1)
    print(f"  the recipe of nanoGPT for processors, 2,000 steps: {told_times(theirs)}")
    reached = theirs["seconds"] == theirs["seconds"]  # not a number where it never came so low
    ratio = ours["seconds"] / (theirs["seconds"] if reached else theirs["all"])
    told = f"{ratio:.2f}" if reached else f"below {ratio:.2f}, for the recipe ended before it came so low"
    print(f"  ratio {told}; goal {GPT_GOAL:g}, aim {GPT_AIM:g}", flush=True)


def told_times(found: dict[str, float]) -> str:
    pace = f"{found['step_ms']:.0f} ms a step"
    return f"{found['seconds']:.1f} s of {found['all']:.1f} s, {pace}, at the end {found['loss']:.3f}"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", help="bert, gpt; both where nothing is said")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--vocabulary", type=int, nargs="+", default=[30_522, 8_000])
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side of BERT")
    parser.add_argument("--side", choices=("ours", "trainer"), help="measure one side and print it as JSON")
    parser.add_argument("--cache", type=Path, help="with --side: where the prepared text lies")
    parser.add_argument("--seeds", type=int, default=0)
    parser.add_argument("--loss-steps", type=int, default=100)
    parser.add_argument("--gpt-steps", type=int, default=1000)
    parser.add_argument("--gpt-optimizer", choices=("adamw", "muon"), default="muon")
    parser.add_argument("--gpt-rate", type=float, default=0.012)
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    given = os.environ.get("PTFT_REAL_DATA")
    if not given:
        raise SystemExit("Name the folder of the collections in PTFT_REAL_DATA.")
    torch.set_num_threads(options.threads)
    if options.side:
        turn = measure_side(options.side, Path(given), options.cache, options)
        print(json.dumps(asdict(turn)))
        return
    with tempfile.TemporaryDirectory(prefix="ptft-bench-") as folder:
        os.environ["PTFT_HOME"] = folder
        for name, compare in (("bert", compare_bert), ("gpt", compare_gpt)):
            if not options.what or name in options.what:
                compare(Path(given), Path(folder), options)


if __name__ == "__main__":
    main()
