"""What is missing on this computer, and the command that mends it.

The doctor has to work where nothing else does. It imports neither Qt nor a training library: whatever has to be
tried with one of them is tried in a short process of its own, which may crash without taking the report along.
"""

from ptft_gui.doctor.check import Check
from ptft_gui.doctor.report import checks, report_json, run_doctor

__all__ = ["Check", "checks", "report_json", "run_doctor"]
