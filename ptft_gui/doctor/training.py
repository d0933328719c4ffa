"""What training needs: gensim with its compiled routines, the texts it brings, torch and the graphics card."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from ptft_gui.doctor.check import Check
from ptft_gui.doctor.computer import declared_requirement, pip_install
from ptft_gui.doctor.probe import ProbeResult, probe, run_tool

BUNDLED_TEXTS = (
    "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2",
    "lee_background.cor",
)
CUDA_STEP = (
    "Take the pip line that pytorch.org shows under Get Started for CUDA, and start it with: "
    f'"{sys.executable}" -m pip'
)

GENSIM_SNIPPET = """
import json, gensim
from gensim.models import word2vec
print(json.dumps({"version": gensim.__version__, "is_fast": word2vec.FAST_VERSION >= 0}))
"""
TORCH_SNIPPET = """
import json, torch
has_card = torch.cuda.is_available()
ones = torch.ones(64, 64, device="cuda" if has_card else "cpu")
print(json.dumps({
    "version": torch.__version__,
    "cuda": torch.version.cuda,
    "card": torch.cuda.get_device_name(0) if has_card else None,
    "product": float((ones @ ones).sum()),
}))
"""


def check_gensim() -> Check:
    """gensim trains word vectors; without its compiled routines it is about a hundred times slower."""
    result = probe(GENSIM_SNIPPET)
    remedy = pip_install("--force-reinstall", declared_requirement("gensim"))
    if result.facts is None:
        return Check("gensim", False, f"gensim cannot be loaded: {result.last_words}.", remedy)
    if not result.facts["is_fast"]:
        sentence = (
            f"gensim {result.facts['version']} came without its fast routines; training would take very long."
        )
        return Check("gensim", False, sentence, remedy)
    return Check("gensim", True, f"gensim {result.facts['version']} with its fast routines.")


def check_bundled_texts() -> Check:
    """The texts for a first run come inside gensim; with them nothing has to be fetched."""
    name = "Bundled texts"
    folder = _gensim_texts()
    missing = [text for text in BUNDLED_TEXTS if folder is None or not (folder / text).is_file()]
    if missing:
        sentence = (
            "The Wikipedia extract and the news articles are missing from this gensim; other texts work."
        )
        return Check(name, None, sentence, pip_install("--force-reinstall", declared_requirement("gensim")))
    return Check(name, True, "Ready to work offline: yes. Bundled texts are here.")


def _gensim_texts() -> Path | None:
    spec = importlib.util.find_spec("gensim")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / "test" / "test_data"


def check_torch() -> Check:
    """torch and, where there is a graphics card, whether it is used."""
    return judge_torch(probe(TORCH_SNIPPET), has_nvidia_card())


def has_nvidia_card() -> bool:
    """The driver of the card answers and names one."""
    return "GPU" in (run_tool(["nvidia-smi", "-L"]) or "")


def judge_torch(result: ProbeResult, has_card: bool) -> Check:
    """What to tell about torch, from what it said about itself."""
    facts = result.facts
    if facts is None:
        return Check(
            "torch",
            False,
            f"torch cannot be loaded: {result.last_words}.",
            pip_install(declared_requirement("torch")),
        )
    if facts["card"] and facts["product"]:
        return Check("torch", True, f"torch {facts['version']} uses the graphics card ({facts['card']}).")
    if not has_card:
        return Check(
            "torch", True, f"torch {facts['version']} trains on the processor; there is no NVIDIA card."
        )
    cause = (
        "this torch was built for the CPU"
        if facts["cuda"] is None
        else "its driver is older than torch needs"
    )
    sentence = (
        f"The GPU is not being used. A graphics card is there, but {cause}. Training works, only slower."
    )
    return Check("torch", None, sentence, CUDA_STEP)
