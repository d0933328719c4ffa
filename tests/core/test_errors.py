"""Failures travel as plain data and come back the same."""

from ptft_gui.core.errors import DataError, Remedy, UnknownWordError, error_from_dict


def test_round_trip():
    sent = DataError(
        "a.txt holds no text.", "0 bytes were read.", "Choose another.", (Remedy("x", "X", {"k": 1}),)
    )
    back = error_from_dict(sent.as_dict())
    assert back.as_dict() == sent.as_dict()
    assert sent.as_sentence() == "a.txt holds no text. 0 bytes were read. Choose another."


def test_close_words_travel_too():
    sent = UnknownWordError("unknown", word="kingg", suggestions=("king", "kings"))
    back = error_from_dict(sent.as_dict())
    assert isinstance(back, UnknownWordError)
    assert back.suggestions == ("king", "kings")


def test_incomplete_records_are_read():
    assert error_from_dict({"message": "m", "remedies": None}).remedies == ()
