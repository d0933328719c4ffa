"""The library of datasets at work: adding what a person brought, finding it again, and noticing what changed."""

from ptft_gui.data.library.adding import add_dataset
from ptft_gui.data.library.checking import check_dataset, fingerprints_of, has_changed
from ptft_gui.data.library.records import dataset_record, gallery_records, library_records
from ptft_gui.data.library.resolving import resolve_dataset_request

__all__ = [
    "add_dataset",
    "check_dataset",
    "dataset_record",
    "fingerprints_of",
    "gallery_records",
    "has_changed",
    "library_records",
    "resolve_dataset_request",
]
