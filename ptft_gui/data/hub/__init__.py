"""Datasets and models of the Hugging Face hub: what there is, what it would cost, and fetching it, only when a person
chooses to.

``huggingface_hub`` lists and fetches; the library ``datasets`` reads what a dataset's page and the heads of its parquet
files tell of columns, classes and rows (:mod:`.described`). It is not given the fetching (tried with 5.2): it keeps a
second copy of everything as arrow files, nine times the size; it can be stopped only by ending its process, and then
begins a file from nothing. What is fetched are the hub's parquet files, which hold no program; nothing of a dataset or
model is run.
"""

from ptft_gui.core.hub.names import HubName, parse_hub_id
from ptft_gui.data.hub.download import download
from ptft_gui.data.hub.info import HubInfo, HubPart, hub_info

__all__ = ["HubInfo", "HubName", "HubPart", "download", "hub_info", "parse_hub_id"]
