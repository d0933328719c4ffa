"""How fast a person's data is looked at and counted: the first page of a large file, and the pass behind it.

Run it as a program::

    python tests/benchmarks/bench_data.py [--megabytes 200] [--page-megabytes 1000] [--rows 10000000] [--rounds 3]

Every measurement is a process of its own, one after the other, in turns. Printed are

- the pass over a generated CSV by polars alone, by our table reader, with statistics, and as ``study_data`` does it, in
  megabytes and rows a second and megabytes for each second of processor time (all threads together, which another
  program beside it disturbs little), the ratio of each to polars alone, and the most memory each held; beside it the
  memory of the whole pass over a file a quarter as large, which says whether it is flat;
- the memory of ``study_data`` over ten million short rows (1 GB) and over a quarter of them, as the pass goes on;
- how long the first page of a CSV and of a plain text takes, beside the budget of 1 s (imports left out, as the
  companion has them done).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

PAGE_BUDGET_S = 1.0
_BLOCK_ROWS = 5000
_DIFFERENT_WORDS = 200_000


def write_table(path: Path, megabytes: float) -> None:
    """A CSV with the columns id, text and label; words as frequent as in a language (Zipf)."""
    rng = np.random.default_rng(1)
    letters = np.array(list("eeeetttaaooiinnsshhrrdlucmfwypvbgk"))
    lengths = rng.integers(2, 11, _DIFFERENT_WORDS)
    joined = "".join(rng.choice(letters, lengths.sum()))
    ends = np.cumsum(lengths)
    words = np.array([joined[end - length : end] for length, end in zip(lengths, ends, strict=True)])
    number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("id,text,label\n")
        while file.tell() < megabytes * 1e6:
            sizes = rng.integers(5, 60, _BLOCK_ROWS)
            drawn = words[np.minimum(rng.zipf(1.15, sizes.sum()), _DIFFERENT_WORDS) - 1]
            for row in np.split(drawn, np.cumsum(sizes)[:-1]):
                number += 1
                file.write(f'{number},"{" ".join(row).capitalize()}, it is.",class {number % 7}\n')


def write_short_rows(path: Path, rows: int) -> None:
    """A CSV of ``rows`` rows of about a hundred bytes, one in fifty a copy, as :func:`write_table` writes them."""
    sample = path.with_suffix(".sample")
    write_table(sample, 20)
    words = sample.read_text("utf-8").split()
    sample.unlink()
    rng = np.random.default_rng(2)
    with path.open("w", encoding="utf-8") as file:
        file.write("id,text,label\n")
        for number in range(rows):
            if number % _BLOCK_ROWS == 0:
                starts = rng.integers(0, len(words) - 20, _BLOCK_ROWS).tolist()
            start = starts[number % _BLOCK_ROWS - (number % 50 == 1)]
            text = " ".join(words[start : start + 13]).replace(",", " ").replace('"', "")
            file.write(f"{number},{text},class {number % 7}\n")


def write_large(path: Path, sample: Path, megabytes: float) -> None:
    """The sample again and again; the first line only once."""
    first, rest = sample.read_bytes().split(b"\n", 1)
    with path.open("wb") as file:
        file.write(first + b"\n")
        while file.tell() < megabytes * 1e6:
            file.write(rest)


def pass_by_polars(path: str) -> int:
    """What anybody would write: all cells as texts, in batches."""
    import polars as pl

    frames = pl.scan_csv(path, infer_schema=False).collect_batches(
        chunk_size=_BLOCK_ROWS, maintain_order=True
    )
    return sum(len(frame) for frame in frames)


def pass_by_table(path: str) -> int:
    from ptft_gui.data.tables.opening import open_table_path

    return sum(len(frame) for frame in open_table_path(path).batches())


def pass_with_statistics(path: str) -> int:
    from ptft_gui.data.examples.statistics import Statistics
    from ptft_gui.data.tables.opening import open_table_path

    counted = Statistics({"text": "text", "label": "label"}, "classification")
    for frame in open_table_path(path).batches():
        counted.add("train", frame)
    return int(counted.result()["rows"]["train"])


def pass_by_study(path: str) -> int:
    from ptft_gui.core.data_request import DataRequest
    from ptft_gui.data.examples.examine import study_data

    with tempfile.TemporaryDirectory() as cache:
        return int(sum(study_data(DataRequest(dataset=path), cache_dir=Path(cache))["rows"].values()))


def memory_of_study(path: str) -> int:
    """Prints the resident memory after the first page, and the most of it in each tenth of the pass and at its end."""
    import ptft_gui.data.examples.examine as examine
    from ptft_gui.core.data_request import DataRequest

    request = DataRequest(dataset=path)
    examine.open_data(request)
    idle = resident_megabytes()
    curve: dict[str, float] = {}
    stage, is_over = ["0"], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.02):
            curve[stage[0]] = max(curve.get(stage[0], 0.0), resident_megabytes() - idle)

    watcher = threading.Thread(target=watch)
    watcher.start()
    with tempfile.TemporaryDirectory() as cache:
        study = examine.study_data(
            request, lambda _text, share: stage.__setitem__(0, str(int(share * 10))), cache_dir=Path(cache)
        )
    is_over.set()
    watcher.join()
    print(json.dumps({"idle": idle, "curve": curve}))
    return int(sum(study["rows"].values()))


def first_page(path: str) -> int:
    import ptft_gui.data.examples.examine as examine
    from ptft_gui.core.data_request import DataRequest
    from ptft_gui.data.tables.opening import open_table_path

    with tempfile.NamedTemporaryFile("w", suffix=".csv") as small:
        small.write("text,label\na good day,yes\na bad day,no\n")
        small.flush()
        open_table_path(small.name)
    begin = time.perf_counter()
    page = examine.open_data(DataRequest(dataset=path))
    print(json.dumps({"page": time.perf_counter() - begin}))
    return len(page["rows"])


MEASURES: dict[str, Callable[[str], int]] = {
    "polars alone": pass_by_polars,
    "table": pass_by_table,
    "with statistics": pass_with_statistics,
    "study_data": pass_by_study,
    "first page": first_page,
    "memory": memory_of_study,
}


def measure(name: str, path: Path) -> dict[str, float]:
    """Rows, seconds and peak memory in megabytes of one measurement in a fresh process."""
    command = [sys.executable, __file__, "--measure", name, os.fspath(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} did not work on {path.name}:\n{done.stderr}")
    found: dict[str, float] = {}
    for line in done.stdout.splitlines():
        found |= json.loads(line)
    return found


def run_measure(name: str, path: str) -> None:
    begin, worked = time.perf_counter(), time.process_time()
    rows = MEASURES[name](path)
    seconds, worked = time.perf_counter() - begin, time.process_time() - worked
    print(json.dumps({"rows": rows, "seconds": seconds, "work": worked, "peak": peak_megabytes()}))


def peak_megabytes() -> float:
    """The most memory this process held. Linux counts what its parent held into ``ru_maxrss``, not into ``VmHWM``."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def resident_megabytes() -> float:
    """What this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def report_memory(folder: Path, rows: int) -> None:
    """Print the memory of ``study_data`` over many short rows, above what the process held before, as it goes on."""
    for count in (rows // 4, rows):
        table = folder / "short.csv"
        write_short_rows(table, count)
        found = measure("memory", table)
        curve = ", ".join(f"{value:,.0f}" for value in found["curve"].values())  # type: ignore[attr-defined]
        most = max(found["curve"].values())  # type: ignore[attr-defined]
        size = table.stat().st_size / 1e6
        print(
            f"memory of study_data over {count:,} short rows ({size:,.0f} MB, "
            f"{size / found['seconds']:,.0f} MB/s): {found['idle']:,.0f} MB before, at most {most:,.0f} MB more; "
            f"by tenths of the pass and at its end {curve}",
            flush=True,
        )
        table.unlink()


def report_passes(folder: Path, megabytes: float, rounds: int) -> None:
    """Print speed, ratio to polars alone and memory of each kind of pass."""
    table, quarter = folder / "table.csv", folder / "quarter.csv"
    write_table(table, megabytes)
    write_table(quarter, megabytes / 4)
    names = [name for name in MEASURES if name not in ("first page", "memory")]
    found = {name: [] for name in names}  # type: dict[str, list[dict[str, float]]]
    for _ in range(rounds):
        for name in names:
            found[name].append(measure(name, table))
    size = table.stat().st_size / 1e6
    alone = statistics.median(each["seconds"] for each in found["polars alone"])
    for name in names:
        seconds = statistics.median(each["seconds"] for each in found[name])
        work = statistics.median(each["work"] for each in found[name])
        ratios = [
            ours["seconds"] / bare["seconds"]
            for ours, bare in zip(found[name], found["polars alone"], strict=True)
        ]
        print(
            f"{name}: {size / seconds:,.0f} MB/s, {size / work:,.1f} MB per second of processor time, "
            f"{found[name][0]['rows'] / seconds:,.0f} rows/s, "
            f"{statistics.median(ratios):.1f} times polars alone ({alone:.2f} s), "
            f"peak memory {max(each['peak'] for each in found[name]):,.0f} MB",
            flush=True,
        )
    small = measure("study_data", quarter)["peak"]
    large = max(each["peak"] for each in found["study_data"])
    print(
        f"memory of study_data: {large:,.0f} MB for {size:,.0f} MB, {small:,.0f} MB for a quarter of it: "
        f"ratio {large / small:.2f} (flat is 1, one that holds the file 4)"
    )


def report_pages(folder: Path, megabytes: float, rounds: int) -> None:
    """Print how long the first page of a large CSV and a large text takes."""
    sample = folder / "sample.csv"
    write_table(sample, 20)
    text = folder / "sample.txt"
    text.write_text(
        "\n".join(line.split(",", 1)[1] for line in sample.read_text("utf-8").splitlines()), encoding="utf-8"
    )
    for source in (sample, text):
        large = folder / f"large{source.suffix}"
        write_large(large, source, megabytes)
        pages = [measure("first page", large) for _ in range(rounds)]
        seconds = statistics.median(page["page"] for page in pages)
        print(
            f"first page of {large.stat().st_size / 1e6:,.0f} MB {source.suffix[1:]}: {seconds:.3f} s, "
            f"{seconds / PAGE_BUDGET_S:.2f} of the budget of {PAGE_BUDGET_S:.0f} s, "
            f"peak memory {max(page['peak'] for page in pages):,.0f} MB",
            flush=True,
        )
        large.unlink()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=200, help="size of the table that is read through")
    parser.add_argument("--page-megabytes", type=float, default=1000)
    parser.add_argument(
        "--rows", type=int, default=10_000_000, help="short rows whose memory is watched; 0 for none"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "PATH"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        run_measure(*options.measure)
        return
    with tempfile.TemporaryDirectory(prefix="ptft-bench-") as name:
        os.environ["PTFT_HOME"] = name
        if options.rows:
            report_memory(Path(name), options.rows)
        report_passes(Path(name), options.megabytes, options.rounds)
        report_pages(Path(name), options.page_megabytes, options.rounds)


if __name__ == "__main__":
    main()
