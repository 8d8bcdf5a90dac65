"""What course staff run: from source notebooks to a release, and from submissions to grades and feedback.

The sandbox shows this file, too: it may import nothing but sys.
"""

import sys

# nbformat imports jsonschema, which builds an IRI grammar at import: 1.5 s of CPU for a check that nobody here uses
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
