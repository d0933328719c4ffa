"""A run as one page that can leave the room: a single HTML file that needs no network and runs no program.

``facts`` reads the run's folder, ``page`` and its sections turn facts into text, ``curves`` draws lines as SVG; only
``writing`` touches the disk. Everything between is pure functions.
"""

from ptft_gui.core.report.facts import ReportFacts, read_facts, shows_sentences_by_default
from ptft_gui.core.report.page import report_html
from ptft_gui.core.report.writing import write_report

__all__ = ["ReportFacts", "read_facts", "report_html", "shows_sentences_by_default", "write_report"]
