"""Whatever the course's secret is, right answers keep their points, wrong ones lose theirs, and the words are the same again.

The answers are those of `test_mutants.py`, which runs them with the streams of a student's notebook.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from hw_lib import streams
from tests.notebooks.test_mutants import HOMEWORK, LONG, VARIANTS, Solved, Variant, failures, lost, solved

__all__ = ["solved"]  # a fixture

# what a few secrets are tried on in `make test`: notebooks without training, whose answers run in a blink
QUICK = tuple(name for name, homework in HOMEWORK.items() if "written" in homework.notebook.parent.name)
# of these, what wrong answers hear of tells the input
TELLING = ("regularization", "cnn_gradients", "conv_basics")
# parts whose answers train for seconds each time: twenty secrets for right answers, a few for wrong ones
DEAR = ("EdgeDetection-c_own", "dropout-h_adam", "pytorch_cnn-r_record", "pytorch_cnn-t_record", *LONG)
DRAWN = ("r_record", "t_record")  # records that are measured again on drawn pictures
FEW, MANY = 3, 20


def secret(number: int) -> str:
    """One of the secrets."""
    return hashlib.sha256(f"secret {number}".encode()).hexdigest()


def chosen(quick: bool) -> list[Variant]:
    """Answers that meet hidden inputs: all right ones, and the wrong ones but those that only change what a record says."""
    return [
        v
        for v in VARIANTS
        if (v.exercise not in HOMEWORK[v.homework].expensive or v.exercise in DRAWN or not v.loses)
        and (v.homework in QUICK) is quick
    ]


def losses(variant: Variant, number: int, solved: Solved, folder: Path) -> dict[str, str]:
    """Test cell -> message, for what an answer loses under a secret."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(streams.SECRET, secret(number))
        folder.mkdir()
        return lost(variant, solved, folder)


def hold(variant: Variant, numbers: range, solved: Solved, folder: Path) -> None:
    """Exactly the named tests fail under each of some secrets, one of them with the sentence."""
    for number in numbers:
        failed = losses(variant, number, solved, folder / str(number))
        assert set(failed) == variant.loses, (number, failed)
        assert not variant.says or any(variant.says in message for message in failed.values()), (number, failed)


def named(variant: Variant) -> str:
    """As in `test_mutants.py`."""
    return f"{variant.homework}-{variant.exercise}-{variant.path.stem}"


@pytest.mark.parametrize("variant", chosen(quick=True), ids=named)
def test_a_few_secrets(variant: Variant, solved: Solved, tmp_path: Path) -> None:
    """Two secrets, on what is quick."""
    hold(variant, range(2), solved, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("variant", [*chosen(quick=True), *chosen(quick=False)], ids=named)
def test_twenty_secrets(variant: Variant, solved: Solved, tmp_path: Path) -> None:
    """Twenty secrets, on everything; three where a wrong answer trains."""
    few = variant.path.parent.name in DEAR and variant.loses
    hold(variant, range(FEW if few else MANY), solved, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", HOMEWORK)
def test_the_author_under_twenty_secrets(name: str, solved: Solved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test cell of the author's own notebook passes, one by one, from where the notebook then is."""
    homework = HOMEWORK[name]
    before, lost_points = solved(homework), {}
    for number in range(MANY):
        folder = tmp_path / str(number)
        folder.mkdir()
        for path in homework.evidence:
            shutil.copy(path, folder)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("HW_LIB_QUIET", "1")
        monkeypatch.setenv(streams.SECRET, secret(number))
        for cell in homework.cells:
            if cell.endswith("_test"):
                lost_points.update({(number, test): said for test, said in failures(homework, [cell], dict(before[cell])).items()})
    assert not lost_points


@pytest.mark.parametrize("name", QUICK)
def test_the_same_secret_gives_the_same_words(name: str, solved: Solved, tmp_path: Path) -> None:
    """Twice the same messages, numbers included, for every wrong answer of a notebook; with another secret some differ."""
    wrong = [variant for variant in chosen(quick=True) if variant.homework == name and variant.loses]
    said = [
        [losses(variant, number, solved, tmp_path / f"{turn}-{k}") for k, variant in enumerate(wrong)]
        for turn, number in enumerate((0, 0, 1))
    ]
    assert said[0] == said[1]
    assert name not in TELLING or said[0] != said[2]
