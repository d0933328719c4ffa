"""A run's settings in words, as the core tells them."""

from ptft_gui.core.telling.settings_words import SettingRow, command_of, setting_rows, value_text

__all__ = ["SettingRow", "command_of", "setting_rows", "value_text"]
