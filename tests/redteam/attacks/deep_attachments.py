"""Attachments nested as deep as some step can just read and the next cannot. The file is refused, and a person looks."""

import json

from grading import notebook as nb
from tests.redteam.assignment import WRONG
from tests.redteam.attack import with_answers

PERSON = True


def notebook(blank: nb.Notebook) -> bytes:
    """Many text cells, each with a well of another depth."""
    whole = json.loads(nb.dump(with_answers(blank, WRONG)))
    text = json.dumps(whole)
    wells = []
    for depth in range(100, 1000, 30):
        well = '{"a":' * depth + "{}" + "}" * depth
        wells.append(f'{{"cell_type":"markdown","id":"w{depth}","metadata":{{}},"source":"x","attachments":{{"a.png":{well}}}}}')
    return text.replace('"cells": [', '"cells": [' + ",".join(wells) + ",", 1).encode()
