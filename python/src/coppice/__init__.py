"""Coppice: reads checkpoints of versions 0 and 1.0 as plain Python and NumPy.

    import coppice

    state = coppice.load("checkpoint", "state")                # dicts, lists, tuples and NumPy arrays
    with coppice.open("checkpoint") as checkpoint:             # reads no arrays yet
        rows = checkpoint["state"]["params"]["w"][0:3]         # reads the blocks of these rows

The package was written from the specification alone, and shares no code with the library in Swift. Rule ids of the
specification stand where the rules are kept.
"""

from .api import latest, load, metadata, open, steps
from .checkpoint import Checkpoint, Composite, Files
from .errors import CoppiceError, NotFound
from .jaxarrays import to_jax
from .lazy import LazyArray
from .model import Record, TextArray

__version__ = "0.1.0"
__all__ = [
    "Checkpoint",
    "Composite",
    "CoppiceError",
    "Files",
    "LazyArray",
    "NotFound",
    "Record",
    "TextArray",
    "latest",
    "load",
    "metadata",
    "open",
    "steps",
    "to_jax",
]
