"""From the rows and the start to a training that is ready to run: examples, plan, network, features, what is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from ptft_gui.core.errors import DataError
from ptft_gui.core.finetune_proposals import ExampleFacts, propose_length
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.probes import MOST_PROBES
from ptft_gui.core.spec import RunSpec
from ptft_gui.data.examples.prepared import PreparedExamples
from ptft_gui.engine.bag_of_vectors import compared_with_bag
from ptft_gui.engine.earlier_probes import probes_of_log
from ptft_gui.engine.finetune.examples import (
    PartExamples,
    encode_rows,
    padding_of,
    read_rows,
    some_rows,
)
from ptft_gui.engine.finetune.features import compute_features
from ptft_gui.engine.finetune.heads import FirstHead
from ptft_gui.engine.finetune.learner import TaskLearner
from ptft_gui.engine.finetune.network import TaskNetwork, apply_method, make_head, set_first_bias
from ptft_gui.engine.finetune.resolve import common_length, facts_of_start, resolve_plan
from ptft_gui.engine.finetune.results import TestRows
from ptft_gui.engine.finetune.start import Start, dropout_of, open_backbone, read_pooler
from ptft_gui.engine.finetune.suspicion import suspicious_facts
from ptft_gui.engine.finetune.task import Row, Task, task_class
from ptft_gui.engine.finetune.telling import tell_examples, tell_start
from ptft_gui.engine.finetune.training import TaskTraining
from ptft_gui.engine.language.learner import Part
from ptft_gui.engine.language.precision import autocast, choose_precision
from ptft_gui.engine.language.quick_dropout import quicken_dropout
from ptft_gui.engine.lineage import text_has_changed
from ptft_gui.engine.plan import Plan, alter_plan
from ptft_gui.engine.registry import TrainingRequest
from ptft_gui.engine.reporter import Reporter

_TRIAL_TOKENS = 2048


@dataclass
class TaskBuilder:
    """What one attempt is built from. ``tokenizer``: the start's, as transformers opened it."""

    request: TrainingRequest
    reporter: Reporter
    spec: RunSpec
    examples: PreparedExamples
    start: Start
    tokenizer: Any

    def build(self) -> TaskTraining:
        """Everything up to the first step. Raises PtftError, StoppedByPerson."""
        rows: dict[Part, list[Row]] = {
            "train": some_rows(read_rows(self.examples, "train"), self.spec.options),
            "val": read_rows(self.examples, "val"),
        }
        kind = task_class(str(self.spec.task))
        learned = self._learned(kind, rows["train"])
        plan, task, parts = self._plan(kind, learned, rows)
        task.get_ready(parts["train"].examples)
        network, unused = self._network(task, plan)
        learner = TaskLearner(plan.values, task, network, parts, padding_of(self.tokenizer))
        plan = self._settle(plan, learner)
        learner.values = plan.values
        self._compute_features(learner)
        if not self.request.resolved:
            tell_examples(self.reporter, self.examples, parts, plan.values, self.tokenizer)
            tell_start(self.reporter, self.start, unused, plan.values, self.examples)
        return TaskTraining(
            self.request,
            self.reporter,
            plan,
            learner,
            self._probes(learner),
            self._stamp(plan),
            self._test(task),
        )

    # --- rows, plan ------------------------------------------------------------------------------------------------

    def _learned(self, kind: type[Task], rows: list[Row]) -> dict[str, Any]:
        return {"labels": list(self.examples.labels), **kind.learned_from(rows)}

    def _plan(
        self, kind: type[Task], learned: Mapping[str, Any], rows: Mapping[Part, list[Row]]
    ) -> tuple[Plan, Task, dict[Part, PartExamples]]:
        """The plan of this attempt, with the rows cut as it says."""
        earlier = self.request.resolved
        if earlier:
            self._check_same(earlier)
            plan = alter_plan(earlier, self.request.changes, self._seconds())
            task = kind(plan.values, self.tokenizer, plan.values["labels"])
            return plan, task, self._encode(task, rows)
        options, labels = dict(self.spec.options), learned["labels"]
        known = {**options, **learned, "label_counts": self.examples.facts["label_counts"]}
        facts = facts_of_start(self.spec, self.start)
        widest = kind({**known, "block_size": facts.longest}, self.tokenizer, labels)
        common = common_length(widest, rows["train"])
        length = (
            options.get("block_size")
            or propose_length(str(self.spec.task), ExampleFacts(len(rows["train"]), common), facts).value
        )
        task = kind({**known, "block_size": length}, self.tokenizer, labels)
        parts = self._encode(task, rows)
        counted = ExampleFacts(len(parts["train"]), common)
        plan = resolve_plan(self.spec, self.examples, self.start, counted, learned)
        return plan, kind(plan.values, self.tokenizer, labels), parts

    def _check_same(self, earlier: Mapping[str, Any]) -> None:
        if earlier.get("fingerprint") != self.examples.facts["fingerprint"]:
            raise text_has_changed()
        if (earlier.get("initial") or {}).get("fingerprint") != self.start.stamp:
            raise DataError(
                f"{self.start.name} has changed since this run was started.",
                "Its weights or its tokenizer are not those that the run began with.",
                "Bring the start back as it was, or start a new run.",
            )

    def _seconds(self) -> float:
        if self.request.checkpoint is None:
            return 0.0
        state = json.loads((self.request.checkpoint.path / "state.json").read_text(encoding="utf-8"))
        return float(state["position"]["seconds"])

    def _encode(self, task: Task, rows: Mapping[Part, list[Row]]) -> dict[Part, PartExamples]:
        parts = {part: self._encode_rows(task, rows[part]) for part in rows}
        parts["train"] = parts["train"].learnable()
        if not len(parts["train"]):
            raise DataError(
                "There is nothing to learn from.",
                "No row has an answer within what the model reads at once.",
                "Let it read longer texts (block_size), or choose other columns.",
            )
        return parts

    def _encode_rows(self, task: Task, rows: list[Row]) -> PartExamples:
        def tell(sentence: str, fraction: float | None) -> None:
            self.reporter.phase("preparing", sentence, fraction)

        return encode_rows(task, rows, self.reporter.hold_or_stop, tell)

    # --- network -----------------------------------------------------------------------------------------------------

    def _network(self, task: Task, plan: Plan) -> tuple[TaskNetwork, tuple[str, ...]]:
        values = plan.values
        seed, is_random = int(values["seed"]), values["start_weights"] == "random"
        dropout = values["dropout"] if values["dropout"] is None else float(values["dropout"])
        opened = open_backbone(self.start, dropout, is_random, seed)
        head = make_head(task, opened.model, values.get("pooling"), dropout_of(opened.model.config), seed)
        set_first_bias(head, task.first_bias())
        if isinstance(head, FirstHead) and not is_random and (pooler := read_pooler(self.start)):
            head.pooler.load_state_dict(pooler)
        network = TaskNetwork(opened.model, head)
        apply_method(network, str(values["method"]), values, seed)
        quicken_dropout(network)
        torch.set_num_threads(int(values["workers"]))
        network.train()
        return network, opened.unused

    def _settle(self, plan: Plan, learner: TaskLearner) -> Plan:
        """Measure what only the network can tell, and record what this run trains with."""
        if self.request.resolved:
            if plan.why:
                self.reporter.resolved(plan.values, plan.reasons, plan.why)
            return plan
        values, reasons = dict(plan.values), dict(plan.reasons)
        if values["precision"] is None:
            values["precision"], reasons["precision"] = self._measure_precision(plan, learner)
        train = learner.parts["train"]
        values |= {
            "dtype": values["precision"],
            "parameters": learner.parameters,
            "trained_parameters": learner.trained_parameters,
            "train_examples": len(train),
            "cut_rows": train.cut_rows,
            "vocabulary_size": len(self.tokenizer),
            **suspicious_facts(learner.task.key, train.rows, learner.parts["val"].rows),
        }
        plan = Plan(values, reasons)
        self.reporter.resolved(plan.values, plan.reasons)
        return plan

    def _measure_precision(self, plan: Plan, learner: TaskLearner) -> tuple[str, str]:
        is_frozen = plan.values["method"] == "frozen"
        order = learner.order_of(0)[: int(plan.values["micro_batch_size"])]
        few = max(1, _TRIAL_TOKENS // int(plan.values["block_size"]))
        batch = learner.batch("train", order[:few], None).to(learner.device)

        def trial(precision: str) -> None:
            with autocast(learner.device, precision), torch.set_grad_enabled(not is_frozen):
                loss = learner.loss_sum(batch)
            if not is_frozen:
                loss.backward()

        found = choose_precision(learner.device, trial)
        learner.model.zero_grad(set_to_none=True)
        if learner.device.type == "cuda":
            torch.set_float32_matmul_precision("high")
        return found

    def _compute_features(self, learner: TaskLearner) -> None:
        """With a frozen backbone: what it says of every row, once and for all."""
        values = learner.values
        if values["method"] != "frozen":
            return
        key = {name: values.get(name) for name in ("pooling", "precision", "block_size")}
        key |= {"start": self.start.stamp, "task": learner.task.head}
        if values["start_weights"] == "random":
            key["seed"] = values["seed"]
        for part, examples in learner.parts.items():
            if len(examples):
                learner.features[part] = self._features(learner, examples, key)

    def _features(self, learner: TaskLearner, part: PartExamples, key: Mapping[str, Any]) -> Any:
        def tell(done: int, whole: int) -> None:
            self.reporter.phase("features", "Reading every text once with the frozen model", done / whole)

        return compute_features(
            learner.network,
            learner.task,
            part,
            padding_of(self.tokenizer),
            str(learner.values["precision"]),
            cache_folder(),
            key,
            tell,
            self.reporter.hold_or_stop,
        )

    # --- the rest ----------------------------------------------------------------------------------------------------

    def _probes(self, learner: TaskLearner) -> tuple[str, ...]:
        """The inputs that a person fixed; one that cannot be answered is told.

        A resumed run answers those that were answered last, added ones among them.
        """
        if self.request.resolved and (earlier := probes_of_log(self.request.run, MOST_PROBES)):
            return tuple(probe for probe in earlier if learner.problem_of_probe(probe) is None)
        kept = []
        for probe in self.spec.probes:
            problem = learner.problem_of_probe(probe)
            if problem is None:
                kept.append(probe)
            else:
                self.reporter.notice("probe", f'"{probe}" cannot be a probe.', problem, is_warning=True)
        return tuple(kept)

    def _stamp(self, plan: Plan) -> str:
        """Names what checkpoints belong to."""
        told = [plan.values["fingerprint"], self.start.stamp, plan.values["method"], plan.values["labels"]]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def _test(self, task: Task) -> TestRows:
        """Reads the test rows; asked once, when the run ends."""

        def read() -> PartExamples:
            # a run that was asked to stop and keep what it has learned is scored all the same
            return encode_rows(task, read_rows(self.examples, "test"))

        return TestRows(read, lambda: compared_with_bag(self.spec, self.examples, self.reporter))
