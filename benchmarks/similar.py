"""What `hw similar` costs for a class of a thousand, and what it finds in it: copies that were planted, and nothing else.

    python -m benchmarks.similar                        # bn_drop_cnn: three notebooks, 45 answers in code and words, 1,000 students
    python -m benchmarks.similar --n 200 --copies 20    # a quick look

The class is made up: the right and wrong answers of tests/mutants, each rewritten by chance in another way for each student
(`varied`), and for the written answers the author's words in an order of chance. Then some students copy the whole of another one's
answers, code disguised by the recipe of tests/grading/similar/disguise.py, words with one in twenty replaced.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import psutil

from benchmarks.layers import circumstances
from grading import notebook as nb
from grading import pages, pipeline, syntax
from grading.course import Course
from grading.records import Submission, save
from grading.settings import Assignment
from grading.source import Source, read_all
from tests.grading.similar.disguise import disguised
from tests.grading.similar.variants import COURSE, MUTANTS, asked

ASSIGNMENT = "bn_drop_cnn"
TARGETS = {"seconds": 300.0, "recall": 0.95}
_WORD = re.compile(r"\w+")


class _Varied(ast.NodeTransformer):
    """One of the many ways to write the same, chosen anew at every turn."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult) and self._rng.random() < 0.5:
            return ast.BinOp(node.right, node.op, node.left)
        if isinstance(node.op, ast.Div) and self._rng.random() < 0.4:
            return ast.BinOp(node.left, ast.Mult(), ast.BinOp(ast.Constant(1), ast.Div(), node.right))
        if isinstance(node.op, ast.Sub) and self._rng.random() < 0.3:
            return ast.BinOp(ast.UnaryOp(ast.USub(), node.right), ast.Add(), node.left)
        if isinstance(node.op, ast.Pow) and self._rng.random() < 0.5:
            return ast.Call(ast.Attribute(ast.Name("np"), "power"), [node.left, node.right], [])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "range" and len(node.args) == 1 and self._rng.random() < 0.5:
            node.args = [ast.Constant(0), *node.args]
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        return self._in_steps(node.value, lambda value: ast.Assign(node.targets, value))

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        return self._in_steps(node.value, ast.Return) if node.value else node

    def _in_steps(self, value: ast.expr, last: object) -> list[ast.stmt]:
        """A part of an expression first, under a name of its own."""
        steps: list[ast.stmt] = []
        for part in [part for part in ast.walk(value) if isinstance(part, ast.BinOp | ast.Call)][:3]:
            if part is not value and self._rng.random() < 0.35:
                name = f"part{self._rng.randrange(10**6)}"
                steps.insert(0, ast.Assign([ast.Name(name, ast.Store())], _copy(part)))
                part.__class__, part.__dict__ = ast.Name, {"id": name, "ctx": ast.Load()}  # type: ignore[assignment]
                break
        return [*steps, last(value)]  # type: ignore[operator]


def _copy(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(ast.fix_missing_locations(node)), mode="eval").body


def varied(text: str, rng: random.Random) -> str:
    """An answer in another student's manner; what does not parse stays."""
    tree = syntax.parse(text)
    return ast.unparse(ast.fix_missing_locations(_Varied(rng).visit(tree))) if tree else text


def written(words: Sequence[str], rng: random.Random) -> str:
    """An answer in words."""
    return " ".join(rng.choice(words) for _ in range(rng.randrange(40, 120)))


def reworded(text: str, words: Sequence[str], rng: random.Random) -> str:
    """The same with one word in twenty replaced."""
    return " ".join(rng.choice(words) if rng.random() < 0.05 else word for word in text.split())


Answers = dict[str, str]  # "notebook/cell" -> text


def answers(sources: Sequence[Source], known: Mapping[str, Sequence[str]], rng: random.Random) -> Answers:
    """Everything that one student wrote."""
    found = {}
    for source in sources:
        for cell in source.notebook["cells"]:
            name = f"{source.name}/{nb.grade_id(cell)}"
            if nb.is_solution(cell) and cell["cell_type"] == "code" and known.get(name):
                found[name] = varied(rng.choice(known[name]), rng)
            elif nb.is_solution(cell) and cell["cell_type"] != "code":
                found[name] = written(_WORD.findall(cell["source"]), rng)
    return found


def copied(original: Answers, sources: Sequence[Source], rng: random.Random) -> Answers:
    """What a student hands in who copied everything."""
    prose = {f"{s.name}/{nb.grade_id(c)}": c["source"] for s in sources for c in s.notebook["cells"] if c["cell_type"] != "code"}
    made = {}
    for name, text in original.items():
        code = syntax.parse(text) is not None and name not in prose
        made[name] = disguised(text, asked([text]), rng) if code else reworded(text, _WORD.findall(prose.get(name, text)), rng)
    return made


def make_class(course: Course, assignment: Assignment, sources: Sequence[Source], n: int, copies: int) -> set[frozenset[str]]:
    """Write a class of restored notebooks; returns who copied from whom."""
    rng = random.Random(0)
    known = {
        f"{source.name}/{folder.name.split('-')[1]}": [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
        for source in sources
        for folder in sorted(MUTANTS.glob(f"{source.name}-*"))
    }
    everybody = [answers(sources, known, rng) for _ in range(n - copies)]
    everybody += [copied(everybody[number], sources, rng) for number in range(copies)]
    work, planted = course.workspace(assignment), set()
    for number, texts in enumerate(everybody):
        student = f"student-{number:04}"
        names = {source.name: f"{source.name}.ipynb" for source in sources}
        save(work.submission_record(student), Submission(assignment.name, student, names))
        for source in sources:
            path = work.restored(student, source.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(nb.dump(_answered(source, texts)), encoding="utf-8")
        if number >= n - copies:
            planted.add(frozenset((student, f"student-{number - (n - copies):04}")))
    return planted


def _answered(source: Source, texts: Answers) -> nb.Notebook:
    named = ((cell, f"{source.name}/{nb.grade_id(cell)}") for cell in source.student["cells"])
    return {**source.student, "cells": [{**cell, "source": texts.get(name, cell["source"])} for cell, name in named]}


def main() -> None:
    """Make the class, compare it, and say what it cost and what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, default=1000, help="students")
    parser.add_argument("--copies", type=int, default=50, help="how many of them copied from another one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hw-similar-") as folder:
        course = replace(COURSE, build=Path(folder))
        assignment = course.assignments[ASSIGNMENT]
        work = course.workspace(assignment)
        shutil.copytree(course.root / "hw_lib", work.graded_build / "hw_lib")
        planted = make_class(course, assignment, read_all(course, assignment), options.n, options.copies)
        started, before = time.perf_counter(), time.process_time()
        found = pipeline.resemblances(course, assignment)
        page = pages.write_similar(found, assignment, work)
        seconds, cpu = time.perf_counter() - started, time.process_time() - before
        size, memory = page.stat().st_size, psutil.Process().memory_info().rss
    pairs = {frozenset((pair.left, pair.right)) for pair in found.pairs}
    recall = len(pairs & planted) / max(1, len(planted))
    print(circumstances())
    print(f"{found.students:,} students, {found.answers:,} answers, {len(planted)} planted copies")
    print(f"{seconds:.0f} s wall (≤ {TARGETS['seconds']:.0f}), {cpu:.0f} s CPU, {memory >> 20} MiB, page {size / 1e6:.1f} MB")
    print(f"found {recall:.1%} of the copies (≥ {TARGETS['recall']:.0%}), {len(pairs - planted) + found.more} other pairs")
    weights = {frozenset((pair.left, pair.right)): pair.weight for pair in found.pairs}
    weakest = min((weight for pair, weight in weights.items() if pair in planted), default=0)
    strongest = max((weight for pair, weight in weights.items() if pair not in planted), default=0)
    print(f"the weakest copy weighs {weakest:.0f}, the strongest other pair {strongest:.0f}: two who drew the same answer")


if __name__ == "__main__":
    main()
