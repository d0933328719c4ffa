"""Datasets of the Hugging Face hub: what there is, what it would cost, and fetching it, only when a person chooses to.

``huggingface_hub`` lists and fetches. The library ``datasets`` is not used for it: it asks a second host
("datasets-server." before the endpoint's name), which no mirror and no test server on loopback has, reads its endpoint
once at import, keeps a second copy of everything as arrow files in a cache of its own, and begins a broken download
again from nothing. What is fetched are the hub's parquet files, which hold no program; nothing of a dataset is run.
"""

from ptft_gui.core.hub_names import HubName, parse_hub_id
from ptft_gui.data.hub.download import download
from ptft_gui.data.hub.info import HubInfo, HubPart, hub_info

__all__ = ["HubInfo", "HubName", "HubPart", "download", "hub_info", "parse_hub_id"]
