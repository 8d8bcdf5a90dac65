"""A course, packed so that a platform grades every hand-in itself; and what such a machine says of a hand-in and of itself.

Comes in: a released assignment. Goes out: one zip (`pack`). There `handed_in` reads what Gradescope says of a submission,
`as_download` lays it out as the class that its download would be, `fitted` makes limits fit the container and its
pace (`seconds_per_second`), `killed` says whether its memory was enough. Grades nothing.
"""

from grading.autograder.container import fitted, killed, memory_mb
from grading.autograder.metadata import HandIn, as_download, handed_in
from grading.autograder.pace import seconds_per_second
from grading.autograder.package import BundleError, Packed, pack, packed

__all__ = [
    "BundleError",
    "HandIn",
    "Packed",
    "as_download",
    "fitted",
    "handed_in",
    "killed",
    "memory_mb",
    "pack",
    "packed",
    "seconds_per_second",
]
