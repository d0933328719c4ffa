"""Both ends of the companion's pipe read what the other wrote, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.core import companion_protocol as protocol
from ptft_gui.core.companion_protocol import Reply, Request

_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.text(), st.text(), st.dictionaries(st.text(), _json, max_size=4))
def test_requests_are_read_back(number: str, kind: str, arguments: dict[str, object]) -> None:
    line = protocol.encode_request(Request(number, kind, arguments))
    assert line.count(b"\n") == 1
    assert protocol.decode_request(line) == Request(number, kind, arguments)


@given(st.sampled_from(["progress", "result", "error"]), st.dictionaries(st.text(), _json, max_size=4))
def test_replies_are_read_back(kind: str, value: dict[str, object]) -> None:
    reply = Reply("7", kind, value)  # type: ignore[arg-type]
    assert protocol.decode_reply(protocol.encode_reply(reply)) == reply


@pytest.mark.parametrize("kind", ["superseded", "cancelled"])
def test_an_ended_question_is_read_back(kind: str) -> None:
    assert protocol.decode_reply(protocol.encode_reply(Reply("7", kind))) == Reply("7", kind)  # type: ignore[arg-type]


def test_a_reply_that_is_too_long_becomes_a_failure_in_words() -> None:
    reply = protocol.decode_reply(protocol.encode_reply(Reply("7", "result", {"x": "y" * (5 << 20)})))
    assert reply is not None
    assert reply.kind == "error"
    assert "too long" in reply.problem().message


@given(st.binary(max_size=60))
def test_any_bytes_are_a_line_or_none(line: bytes) -> None:
    assert protocol.decode_request(line) is None or json.loads(line)
    assert protocol.decode_reply(line) is None or json.loads(line)


def test_numbers_that_are_not_finite_never_travel() -> None:
    line = protocol.encode_reply(Reply("7", "result", {"loss": float("nan")}))
    assert json.loads(line) == {"id": "7", "result": {"loss": None}}
