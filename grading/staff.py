"""What the verbs for a whole class say, line by line, and in which order they ask the rooms. `cli` prints it."""

from __future__ import annotations

import shlex

from grading import display


def what_next(name: str, student: str) -> list[str]:
    """What a TA may want to type after the table of an assignment."""
    hw = display.program()
    lines = [
        f"{hw} report {name} --student {shlex.quote(student)}    every cell of one student",
        "make lab           the student release in JupyterLab",
        f"{hw} mark {name}    read the written answers, question by question",
        f"{hw} collect {name} FOLDER-OR-ZIP && {hw} grade {name} && {hw} report {name}    your own class",
    ]
    return ["", "what to type next", *(f"  {line}" for line in lines)]
