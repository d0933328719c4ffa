"""The way to the hub: which host, whose token, no telemetry, and every failure in plain words.

The libraries are imported inside functions: a run on a text of a person's own never loads them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ptft_gui
from ptft_gui.core.errors import DataError
from ptft_gui.core.hub.names import PREFIX, HubName
from ptft_gui.core.preferences import check_network
from ptft_gui.core.wording import bytes_text

TIMEOUT_S = 10.0
_TOKEN = re.compile(r"hf_[A-Za-z0-9]+")
_QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
}


@dataclass(frozen=True)
class Hub:
    """One hub. The token comes from HF_TOKEN only, never from a file, and is never shown."""

    endpoint: str
    token: str | None

    def __repr__(self) -> str:
        return f"Hub({self.endpoint!r})"

    def api(self) -> Any:
        """huggingface_hub's client, with our endpoint and our token or none."""
        from huggingface_hub import HfApi

        return HfApi(
            endpoint=self.endpoint,
            token=self.token or False,
            library_name="ptft-gui",
            library_version=ptft_gui.__version__,
        )

    def headers(self) -> dict[str, str]:
        """The headers of a download: the token where there is one, and no compression on the way."""
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

        headers: dict[str, str] = build_hf_headers(
            token=self.token or False, library_name="ptft-gui", library_version=ptft_gui.__version__
        )
        return {**headers, "Accept-Encoding": "identity"}

    def page_of(self, name: HubName) -> str:
        """Where a person reads about a dataset or a model."""
        return f"{self.endpoint}/{'datasets/' if name.kind == 'dataset' else ''}{name.id}"

    def address_of(self, name: HubName, path: str, revision: str) -> str:
        """Where one of its files lies."""
        from huggingface_hub import hf_hub_url

        return hf_hub_url(name.id, path, repo_type=name.kind, revision=revision, endpoint=self.endpoint)


def connect() -> Hub:
    """The hub that HF_ENDPOINT names, else the usual one; imports the library with everything optional off.

    Raises :class:`PtftError` where a person switched the network off.
    """
    check_network()
    for key, value in _QUIET.items():
        os.environ.setdefault(key, value)
    from huggingface_hub import constants

    constants.HF_HUB_DISABLE_TELEMETRY = True  # read once at import, which may have been somebody else's
    endpoint = os.environ.get("HF_ENDPOINT", "").strip() or "https://huggingface.co"
    return Hub(endpoint.rstrip("/"), os.environ.get("HF_TOKEN", "").strip() or None)


def redact(text: str) -> str:
    """``text`` without anything that is or looks like a token."""
    token = os.environ.get("HF_TOKEN", "").strip()
    hidden = _TOKEN.sub("hf_...", text)
    return hidden.replace(token, "...") if token else hidden


@contextmanager
def told_in_words(name: HubName, hub: Hub, size_bytes: int | None = None) -> Iterator[None]:
    """Turn every failure of the network and the hub into a DataError that names the dataset or model."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    try:
        yield
    except OfflineModeIsEnabled:
        raise no_network(
            name, size_bytes, "This program was told to stay offline (HF_HUB_OFFLINE)."
        ) from None
    except HfHubHTTPError as problem:
        raise _refused(name, hub, problem) from None
    except (httpx2.TransportError, httpx2.TooManyRedirects) as problem:
        raise no_network(name, size_bytes, _of_the_network(problem)) from None
    except OSError as problem:  # after those of the library, some of which are OSErrors too
        raise DataError(
            f'"{name.id}" cannot be written to this computer.',
            f"{problem.strerror or problem}.",
            "Free some space there; a download goes on where it broke off.",
        ) from None
    except HFValidationError:
        raise DataError(
            f'"{name.id}" is not the name of a {name.kind} on the hub.', hint=f"Write it as {name.example}."
        ) from None
    except (ValueError, KeyError, TypeError, httpx2.InvalidURL) as problem:
        raise DataError(
            f"{hub.endpoint} does not answer as a hub does.",
            redact(f"{type(problem).__name__} while asking for {name.id}."),
            "Check HF_ENDPOINT, and whether this network asks for a sign-in in the browser first.",
        ) from None


def no_network(name: HubName, size_bytes: int | None, reason: str = "") -> DataError:
    """The sentence for everything that keeps the hub out of reach."""
    size = f" ({bytes_text(size_bytes)})" if size_bytes else ""
    return DataError(
        "There is no network.",
        f'"{name.short}" is not on this computer{size}. {reason}'.strip(),
        f"Use {_INSTEAD[name.kind]}, or try again later; a download goes on where it broke off.",
    )


_INSTEAD = {
    "dataset": "a dataset that comes with the program or a file of your own",
    "model": "the starter model, a run or a model folder on this computer",
}


def _of_the_network(problem: Exception) -> str:
    import httpx2

    if isinstance(problem, httpx2.TimeoutException):
        return "The hub did not answer in time."
    if isinstance(problem, httpx2.ConnectError):
        return "The hub cannot be reached."
    return "The connection broke off."


def _refused(name: HubName, hub: Hub, problem: Any) -> DataError:
    from huggingface_hub import errors

    status = getattr(getattr(problem, "response", None), "status_code", 0)
    if isinstance(problem, errors.GatedRepoError):
        return DataError(
            f'"{name.id}" is only given to people who agreed to its terms.',
            f"They stand at {hub.page_of(name)}.",
            "Agree to them there, make a token in your account, and set it as HF_TOKEN.",
        )
    if status in (401, 403) and hub.token:
        return DataError(
            "The hub does not accept the token in HF_TOKEN.",
            f'It was asked for "{name.id}".',
            "Check the token in your account on the hub, or unset HF_TOKEN for what is public.",
        )
    if isinstance(problem, errors.RevisionNotFoundError):
        return DataError(
            f'"{name.id}" has no state named {name.revision or "main"}.',
            f"Its states stand at {hub.page_of(name)}.",
            "Leave the part behind the @ out for the newest.",
        )
    if isinstance(problem, errors.RepositoryNotFoundError) or status in (401, 404):
        return DataError(
            f'There is no {name.kind} "{name.id}" on the hub.',
            ""
            if hub.token
            else "Or it is private: then HF_TOKEN must hold the token of an account that may see it.",
            f"Check the spelling; the whole name has an owner, as in {name.example.removeprefix(PREFIX)}.",
        )
    if isinstance(problem, errors.DisabledRepoError) or status == 403:
        return DataError(f'The hub does not give "{name.id}" out.', f"See {hub.page_of(name)}.")
    if status == 429:
        return DataError(
            "The hub asks for a pause.", "It was asked too often from here.", "Try again in some minutes."
        )
    return DataError(
        "The hub has a problem of its own.", f"It answered with number {status}.", "Try again later."
    )
