"""Is called like the honest neighbour, in capitals and with letters that look the same. It stays another student."""

from tests.redteam.harness import NEIGHBOUR

STUDENT = NEIGHBOUR.upper().replace("A", "\N{CYRILLIC CAPITAL LETTER A}", 1)
