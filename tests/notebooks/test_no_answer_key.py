"""The written questions are checked by experiment, so their hand-out holds no answer: no line, no numbers, no formula.

The audit of `hw release` looks for whole lines and leaves short ones out. Answers here are short, so these tests look for them in
other ways too, in everything that a student gets.
"""

from __future__ import annotations

import ast
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import notebook as nb
from grading import regions
from grading.release.handout import release
from grading.source import read_source

ROOT = Path(__file__).parents[2]
COURSE = courses.load(ROOT / "course.toml")
WRITTEN = [assignment for name, assignment in COURSE.assignments.items() if name.startswith("written")]
SOURCES = {name: read_source(COURSE, assignment, name) for assignment in WRITTEN for name in assignment.notebooks}
CELLS = {cell["id"]: cell for source in SOURCES.values() for cell in source["cells"] if nb.is_solution(cell)}
FREE = {"e_name", "r_process"}  # a name, hours: nothing to give away

# what the answers come to, where the author's cell says it in other words or on several lines
RESULTS = {
    "b_filter": [(2, -1, 3)],
    "c_transposed": [(-1, 3, -2, 3, -3, 1, 0, 3, 1)],
    "d_numbers": [(108,), (39,)],
    "h_covariances": [(1, 0, 0, 1), (1, 0.8, 0.8, 1)],
}
# the heart of each formula, in the ways in which somebody would write it
FORMULAS = {
    "d_functions": ("channels_out*channels_in*", "channels_in*channels_out*", "channels_in*("),
    "f_backward": ("g-g.mean()", "g-mean(g)", "g-sum(g)/", r"g_i-\bar", "gamma*(g"),
    "i_loss": ("p*(1-p)", "p(1-p)", "(1-p)*p"),
    "j_map": ("p*w_check", "w_check*p", r"p\checkw", "(1-p)/p", "1/p-1"),
    "k_change": ("inv(G)", "X/diag(G)", r"\Gamma^{-1}"),
    "l_norm": ("p/(1-p)",),
    "m_numbers": ("A='mu'", 'A="mu"', "sigma^2", r"\sigma^2"),
    "n_gradient": ("w-eta*dw", "w-eta", "vdot(X", r"w-\eta"),
    "o_moments": ("(n-k+1)^2", "sigma_x^2*sigma_g^2", r"\sigma_x^2\sigma_g^2", "growth=2", "variance_dw='"),
    "p_pools": ("g/16", "1/16", "0.0625", "==max(X)"),
}
GIVEN = {
    ("e_letters", "(0, 2, 3)"): "the picture's four groups, of which two are the answer",
    ("e_letters", "(1, 2, 3)"): "the same",
    ("k_change", "G @ w"): "the penalty |G w|^2, which the question starts from",
}

MINUS = "\N{MINUS SIGN}"

Texts = Mapping[str, str]  # where -> what stands there


@pytest.fixture(scope="module")
def handout(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every text that a student gets: each cell with its metadata, the page beside them, each file of the wheel."""
    course = replace(COURSE, build=tmp_path_factory.mktemp("no-answer-key"))
    texts = {}
    for path in (path for assignment in WRITTEN for path in release(course, assignment).folder.iterdir()):
        if path.suffix == ".ipynb":
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                texts[f"{path.name}[{cell['id']}]"] = "".join(cell["source"])
                texts[f"{path.name}[{cell['id']}] metadata"] = json.dumps([cell["metadata"], cell.get("attachments")])
        elif path.suffix == ".html":
            texts[path.name] = path.read_text(encoding="utf-8")
        else:
            with zipfile.ZipFile(path) as wheel:
                texts |= {name: wheel.read(name).decode() for name in wheel.namelist()}
    return texts


def answer(cell_id: str) -> list[str]:
    """The lines that the author wrote between the markers."""
    return [line for line in regions.strip_regions(CELLS[cell_id]["source"], regions.SOLUTION).removed if line.strip()]


def squeezed(text: str) -> str:
    """Without what may differ between two ways to write the same: spaces, capitals, powers, the name of NumPy."""
    return re.sub(r"\s+|\bnp\.|\\[,;! ]", "", text).replace("**", "^").casefold()


def expressions(cell_id: str) -> Iterator[str]:
    """What the author's lines compute or return, without the names it goes to; a formula in a text is one too."""
    for statement in ast.walk(ast.parse(CELLS[cell_id]["source"])):
        value = statement.value if isinstance(statement, ast.Assign | ast.Return) else None
        in_answer = value and any(squeezed(line).endswith(squeezed(ast.unparse(value))[-12:]) for line in answer(cell_id))
        if value and in_answer:
            text = value.value if isinstance(value, ast.Constant) else ast.unparse(value)
            if len(str(text)) > 2:  # "0" stands everywhere
                yield str(text)


def numbers(text: str) -> list[float]:
    """Every number of a text, in order; a sign counts where no number stands before it."""
    return [float(found) for found in re.findall(r"(?<![\w.)\]])-?\d+(?:\.\d+)?|(?<![\w.])\d+(?:\.\d+)?", text.replace(MINUS, "-"))]


def with_numbers(wanted: tuple[float, ...], texts: Texts) -> list[str]:
    """Where these numbers stand one after the other."""
    size = len(wanted)
    return [
        where
        for where, text in texts.items()
        if any(tuple(found[k : k + size]) == wanted for found in [numbers(text)] for k in range(len(found) - size + 1))
    ]


def with_text(wanted: str, texts: Texts) -> list[str]:
    """Where this stands, however it is spaced."""
    return [where for where, text in texts.items() if squeezed(wanted) in squeezed(text)]


def cells_of(texts: Texts) -> dict[str, str]:
    """The notebooks' share of the hand-out."""
    return {where: text for where, text in texts.items() if ".ipynb[" in where}


CODE = sorted(name for name, cell in CELLS.items() if cell["cell_type"] == "code" and name not in FREE)
PROSE = sorted(name for name, cell in CELLS.items() if cell["cell_type"] == "markdown")


def test_every_question_is_looked_at() -> None:
    """Both kinds of cells are found, each has an answer, and each answer is looked for in at least one way."""
    assert len(CODE) >= 15 and len(PROSE) >= 9
    assert all(answer(name) for name in (*CODE, *PROSE))
    assert {*RESULTS, *FORMULAS} <= set(CODE)
    assert [name for name in CODE if name not in {*RESULTS, *FORMULAS} and not list(expressions(name))] == ["f_one", "g_numbers"]


@pytest.mark.parametrize("name", CODE)
def test_no_line_of_an_answer(handout: dict[str, str], name: str) -> None:
    """No line between the markers stands anywhere in the hand-out, short ones included."""
    assert {line: found for line in answer(name) if (found := with_text(line, handout))} == {}


@pytest.mark.parametrize("name", CODE)
def test_no_expression_of_an_answer(handout: dict[str, str], name: str) -> None:
    """What an answer computes stands in no cell, under whatever name; nor does the heart of its formula."""
    wanted = [text for text in expressions(name) if (name, text) not in GIVEN]
    found = {text: where for text in (*wanted, *FORMULAS.get(name, ())) if (where := with_text(text, cells_of(handout)))}
    assert found == {}


@pytest.mark.parametrize("name", sorted(RESULTS))
def test_no_numbers_of_an_answer(handout: dict[str, str], name: str) -> None:
    """The numbers of an answer stand nowhere one after the other, however they are set."""
    texts = {where: text for where, text in cells_of(handout).items() if not where.endswith(" metadata")}  # checksums
    assert {wanted: found for wanted in RESULTS[name] if (found := with_numbers(wanted, texts))} == {}


@pytest.mark.parametrize("name", PROSE)
def test_no_sentence_of_a_written_answer(handout: dict[str, str], name: str) -> None:
    """No sentence of the author's answer, and nothing of its rubric."""
    sentences = [text for line in answer(name) for text in re.split(r"(?<=[.:;])\s+", line) if len(text) > 25]
    assert sentences
    assert {text: found for text in sentences if (found := with_text(text, handout))} == {}
    assert not with_text("rubric (", handout)


def test_the_results_are_the_authors() -> None:
    """The numbers that are looked for are what the author's cells come to; formulas are looked for where they are used."""
    for name, wanted in RESULTS.items():
        names: dict[str, object] = {}
        exec("\n".join(answer(name)), names)
        values = [value for key, value in names.items() if key != "__builtins__"]
        assert [tuple(numbers(str(value))) for value in values] == wanted, name
    for name, formulas in FORMULAS.items():
        assert with_text(formulas[0], {"": CELLS[name]["source"]}) or name in ("f_backward", "m_numbers"), name


@pytest.mark.parametrize(
    "planted",
    [f"so w is (2, {MINUS}1, 3)", "w = np.array([ 2.,-1.0, 3 ])", "2\n-1\n3", "| 2 | -1 | 3 |"],
)
def test_planted_numbers_are_found(planted: str) -> None:
    """In a sentence, an array, a column or a table."""
    assert with_numbers((2, -1, 3), {"here": f"There are 7. {planted} and 4"}) == ["here"]
    assert with_numbers((2, -1, 3), {"here": "w = [2, 1, 3], or 12, -1, 3, or [2, -1, 30]"}) == []


@pytest.mark.parametrize("planted", ["# p*( 1-p )", "P * (1 - p)", "np.sqrt(p*(1-p))"])
def test_planted_formulas_are_found(planted: str) -> None:
    """However it is spaced, in a comment too."""
    assert with_text("p * (1 - p)", {"here": planted}) == ["here"]
    assert with_text("p * (1 - p)", {"here": "p * (1 + p)"}) == []
