"""Is called like another student's record, to be taken for it. It gets a name of its own."""

from tests.redteam.harness import NEIGHBOUR

STUDENT = f"{NEIGHBOUR}.json"
