"""Requests to a running run: each read once, by the attempt it was meant for."""

import pytest

from ptft_gui.core.commands import CommandReader, send_command
from ptft_gui.core.errors import RunFolderError


def test_commands_arrive_once_and_in_order(tmp_path):
    path = tmp_path / "commands.jsonl"
    reader = CommandReader(path, attempt=1)
    assert reader.read_new() == []
    ids = [send_command(path, "pause", 1), send_command(path, "stop", 1, {"keep": "best"})]
    commands = reader.read_new()
    assert [command.id for command in commands] == ids
    assert commands[1].argument == {"keep": "best"}
    assert reader.read_new() == []


def test_commands_of_another_attempt_are_ignored(tmp_path):
    path = tmp_path / "commands.jsonl"
    send_command(path, "stop", 1)
    send_command(path, "pause", 2)
    assert [command.name for command in CommandReader(path, attempt=2).read_new()] == ["pause"]


def test_a_torn_line_swallows_no_other_command(tmp_path):
    path = tmp_path / "commands.jsonl"
    path.write_bytes(b'{"id":"x","attem')
    reader = CommandReader(path, attempt=1)
    assert reader.read_new() == []
    send_command(path, "save", 1)
    assert [command.name for command in reader.read_new()] == ["save"]


def test_garbage_is_passed_over(tmp_path):
    path = tmp_path / "commands.jsonl"
    path.write_bytes(b'[]\n{"id":"a","attempt":1,"name":"explode"}\n\xff\n')
    send_command(path, "resume", 1)
    assert [command.name for command in CommandReader(path, attempt=1).read_new()] == ["resume"]


def test_a_run_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(RunFolderError, match="could not be passed"):
        send_command(tmp_path / "gone" / "commands.jsonl", "stop", 1)
