"""The table of docs/tas.md: each platform's download becomes the students that it should, and no file is dropped without a word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from grading.collect.collection import Collected, CollectError
from tests.grading.collect.test_collect import ASSIGNMENT, collected, copy_of, fill, packed

ROOT = Path(__file__).parents[3]
ONE_NOTEBOOK = replace(ASSIGNMENT, notebooks=("q",))
SILENT = {"submission_metadata.yml", "timestamp.txt"}


@dataclass(frozen=True)
class Download:
    """What lies in a download, and the content of each student's notebook; `said` must stand in the notes."""

    files: dict[str, bytes | str]
    students: dict[str, str]
    said: tuple[str, ...] = ()
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _submitted(number: int, mail: str, moment: str) -> str:
    return f"submission_{number}:\n  :submitters:\n  - :email: {mail}\n  :created_at: {moment}\n"


BRIGHTSPACE = "397063-1 - Jane Doe - Sep {}, 2026 {}"
DOWNLOADS: dict[str, Download] = {
    "anna/q.ipynb": Download(
        {"class/anna/hw/q.ipynb": "a", "class/anna/hw/q.results.json": "r", "class/ben/q.ipynb": "b", "class/anna/far.csv": "f"},
        {"anna": "a", "ben": "b"},
        ("far.csv",),
        {"anna": ("q.results.json",)},
    ),
    "anna.zip": Download(
        {"anna.zip": packed({"q.ipynb": "a"}), "ben.zip": packed({"q.ipynb": "b"}), "ben/q.ipynb": "folder", "list.txt": ""},
        {"anna": "a", "ben": "folder"},
        ("left out: ben.zip", "list.txt"),
    ),
    "anna.ipynb": Download(
        {"anna.ipynb": "a", "anna.csv": "1", "ben.ipynb": "b", "list.txt": ""},
        {"anna": "a", "ben": "b"},
        ("Belongs to no student, left out: list.txt.",),
        {"anna": ("anna.csv",)},
    ),
    "q.ipynb": Download({"q.ipynb": "x", "q.results.json": "r"}, {"download": "x"}, kept={"download": ("q.results.json",)}),
    "anna/dropout/q.ipynb": Download(
        {"anna/dropout/q.ipynb": "a", "anna/dropout/timestamp.txt": "", "anna/q.csv": "1", "ben/dropout/q.ipynb": "b"},
        {"anna": "a", "ben": "b"},
        ("beside it is a folder dropout: q.csv",),
    ),
    "dropout_anna_attempt_2026-01-02-10-00-00_q.ipynb": Download(
        {
            "dropout_anna_attempt_2026-01-02-10-00-00_q.ipynb": "new",
            "dropout_anna_attempt_2026-01-02-10-00-00_q.results.json": "r",
            "dropout_anna_attempt_2026-01-01-10-00-00_q.ipynb": "old",
            "dropout_anna_attempt_2026-01-02-10-00-00.txt": "receipt",
            "dropout_ben_attempt_2026-01-02-10-00-00_q.ipynb": "b",
        },
        {"anna": "new", "ben": "b"},
        ("2 attempts", "left out: 2026-01-01-10-00-00/q.ipynb", "receipts were left out: dropout_anna"),
        {"anna": ("q.results.json",)},
    ),
    "doejane_11_901_q.ipynb": Download(
        {
            "doejane_11_901_q.ipynb": "old",
            "doejane_LATE_11_903_q-1.ipynb": "new",
            "doejane_12_902_q.ipynb": "other",
            "index.html": "",
        },
        {"doejane_11": "new", "doejane_12": "other"},
        ("left out: doejane_11_901_q.ipynb", "late, says Canvas", "index.html"),
    ),
    "Jane Doe_7_assignsubmission_file_/q.ipynb": Download(
        {
            "Jane Doe_7_assignsubmission_file_/q.ipynb": "j",
            "Jane Doe_7_assignsubmission_onlinetext_/onlinetext.html": "see the file",
            "Bo Li_8_assignsubmission_file/q.ipynb": "b",
        },
        {"Jane Doe_7": "j", "Bo Li_8": "b"},
        ("onlinetext.html",),
    ),
    "Jane Doe_7_assignsubmission_file_q.ipynb": Download(
        {
            "Jane Doe_7_assignsubmission_file_q.ipynb": "j",
            "Jane Doe_7_assignsubmission_file_q.results.json": "r",
            "Jane Doe_7_assignsubmission_onlinetext_onlinetext.html": "see the file",
            "Bo Li_8_assignsubmission_file_my_own_q.ipynb": "b",
            "Mal_9_assignsubmission_file_Jane Doe_7_assignsubmission_file_q.ipynb": "m",
        },
        {"Jane Doe_7": "j", "Bo Li_8": "b", "Mal_9": "m"},
        ("onlinetext.html", "my_own_q.ipynb was taken"),
        {"Jane Doe_7": ("q.results.json",)},
    ),
    "submission_1/q.ipynb": Download(
        {
            "submission_metadata.yml": _submitted(1, "anna@x.edu", "2026-01-02 23:30:00.123456789 -08:00")
            + _submitted(2, "Anna@x.edu", "2026-01-03 06:00:00 Z")
            + _submitted(3, "ben@x.edu", "2026-01-45 06:00:00 Z"),
            "submission_1/q.ipynb": "new",
            "submission_2/q.ipynb": "old",
            "submission_3/q.ipynb": "b",
            "list.txt": "",
        },
        {"anna@x.edu": "new", "ben@x.edu": "b"},
        ("2 submissions of this student", "left out: submission_2/q.ipynb", "list.txt"),
    ),
    "397063-1 - Jane Doe - Sep 24, 2026 926 PM/q.ipynb": Download(
        {
            BRIGHTSPACE.format(24, "926 PM") + "/q.ipynb": "new",
            BRIGHTSPACE.format(24, "1105 AM") + "/q.ipynb": "old",
            BRIGHTSPACE.format(9, "800 AM") + "/q.results.json": "r",
            "397064-1 - Bo Li - 5 October, 2026 1130/q.ipynb": "b",
            "index.html": "",
        },
        {"Jane Doe_397063": "new", "Bo Li_397064": "b"},
        ("3 attempts; the newest is that of Sep 24, 2026 926 PM", "Sep 24, 2026 1105 AM/q.ipynb", "index.html"),
        {"Jane Doe_397063": ("q.results.json",)},
    ),
    "397063-1 - Jane Doe - Sep 24, 2026 926 PM - q.ipynb": Download(
        {BRIGHTSPACE.format(24, "926 PM") + " - q.ipynb": "new", BRIGHTSPACE.format(23, "926 PM") + " - my - q.ipynb": "old"},
        {"Jane Doe_397063": "new"},
        ("2 attempts", "my - q.ipynb"),
    ),
}
OTHERS = {"Anna/q.ipynb": "test_other_capitals", "anna -> elsewhere": "test_a_class_of_links"}


def layouts() -> list[str]:
    """The second column of the table."""
    text = (ROOT / "docs/tas.md").read_text(encoding="utf-8")
    table = text[text.index("| platform | layout |") :].split("\n\n")[0]
    return [match[1] for row in table.split("\n")[2:] if (match := re.fullmatch(r"\|[^|]+\| `([^`]+)` \|[^|]+\|", row))]


def notes_of(found: Collected) -> str:
    """Everything that was said of a collection."""
    return "\n".join([*found.notes, *(note for one in found.submissions for note in one.notes)])


def test_each_row_is_a_test() -> None:
    """The table of the TAs and the cases below are the same."""
    assert layouts() == [*DOWNLOADS, *OTHERS] and set(OTHERS.values()) <= set(globals())


@pytest.mark.parametrize("as_zip", [False, True])
@pytest.mark.parametrize("layout", DOWNLOADS)
def test_a_download(tmp_path: Path, layout: str, as_zip: bool) -> None:
    """Every student has the right notebook and record, and each file that was left out is named in a note."""
    download = DOWNLOADS[layout]
    source = tmp_path / ("download.zip" if as_zip else "download")
    if as_zip:
        source.write_bytes(packed(download.files))
    else:
        fill(source, download.files)
    found = collected(source, tmp_path, ONE_NOTEBOOK)
    students = {one.student: one for one in found.submissions}
    assert {name: copy_of(tmp_path, one, "q.ipynb") for name, one in students.items()} == download.students
    assert {name: one.files for name, one in students.items() if one.files} == download.kept
    said = notes_of(found)
    assert [text for text in download.said if text not in said] == []
    copies = {path.name for path in (tmp_path / "build/dropout/collect").rglob("*")}
    lost = [name for name in download.files if not _told(name, copies, said) and Path(name).name not in SILENT]
    assert lost == []


def _told(name: str, copies: set[str], said: str) -> bool:
    """Whether a file's own name, as its student gave it, is that of a copy or stands in a note."""
    last = Path(name).name
    own = re.sub(
        r"^(.+_assignsubmission_(file|onlinetext)_|\w+_attempt_[\d-]+_|[a-z]+_(LATE_)?\d+_\d+_|\d+-\d+ - .+? - .+? - )", "", last
    )
    return own in copies or last in said or own in said or last.endswith(".zip")


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Sep 24, 2026 1159 AM", "Sep 24, 2026 100 PM"),
        ("September 9, 2026 9:26 PM", "Sept 24, 2026 926 AM"),
        ("24 September, 2026 926", "5 October, 2026 800"),
        ("2026-09-24 0926", "2026-10-01 0800"),
        ("Sep 24, 2025 926 PM", "Jan 3, 2026 926 AM"),
    ],
)
def test_moments_of_brightspace(tmp_path: Path, older: str, newer: str) -> None:
    """The newest attempt is the newest by the clock, in each way in which Brightspace writes one."""
    files: dict[str, bytes | str] = {f"1-2 - Jo - {moment}/q.ipynb": moment for moment in (older, newer)}
    (one,) = collected(fill(tmp_path / "b", files), tmp_path, ONE_NOTEBOOK).submissions
    assert copy_of(tmp_path, one, "q.ipynb") == newer and "not sure" not in " ".join(one.notes)


def test_moments_that_cannot_be_read(tmp_path: Path) -> None:
    """A date that nobody can read leaves a doubt about the newest, and a note says so, for each platform that has dates."""
    files: dict[str, bytes | str] = {f"1-2 - Jo - {moment}/q.ipynb": "x" for moment in ("24 x 2026", "Sep 24, 2026 926 AM")}
    (one,) = collected(fill(tmp_path / "b", files), tmp_path, ONE_NOTEBOOK).submissions
    assert "is not sure, because this is no date we know: 24 x 2026" in " ".join(one.notes)
    told = _submitted(1, "a@x.edu", "yesterday") + _submitted(2, "a@x.edu", "2026-01-03 06:00:00 Z")
    files = {"submission_metadata.yml": told, "submission_1/q.ipynb": "1", "submission_2/q.ipynb": "2"}
    (one,) = collected(fill(tmp_path / "g", files), tmp_path, ONE_NOTEBOOK).submissions
    assert copy_of(tmp_path, one, "q.ipynb") == "2" and "no time that we can read stands at submission_1" in " ".join(one.notes)


def test_many_files_that_are_left_out(tmp_path: Path) -> None:
    """Of a flood the first twenty are named, and how many more there are."""
    files: dict[str, bytes | str] = {f"anna/m{number:02}.mp4": "" for number in range(25)}
    (one,) = collected(fill(tmp_path / "c", {"anna/q.ipynb": "x", **files}), tmp_path, ONE_NOTEBOOK).submissions
    assert "m19.mp4, 5 more." in one.notes[0] and "m20.mp4" not in one.notes[0]


def test_other_capitals(tmp_path: Path) -> None:
    """A platform that changes the capitals of a name makes no new student; two in one class who differ in them are two."""
    fill(tmp_path / "1", {"anna/q.ipynb": "1", "ben/q.ipynb": "b"})
    collected(tmp_path / "1", tmp_path, ONE_NOTEBOOK)
    again = collected(fill(tmp_path / "2", {"Anna/q.ipynb": "2", "ben/q.ipynb": "b"}), tmp_path, ONE_NOTEBOOK)
    assert [one.student for one in again.submissions] == ["anna", "ben"] and again.gone == ()
    assert again.submissions[0].notes == ("Handed in under the name 'Anna'.",)
    both = collected(fill(tmp_path / "1", {"Anna/q.ipynb": "2"}), tmp_path, ONE_NOTEBOOK)
    assert [one.student for one in both.submissions] == ["Anna-2", "anna", "ben"]


def test_a_class_of_links(tmp_path: Path) -> None:
    """Nothing but links is refused when it is collected, folders or notebooks; one among others is said."""
    fill(tmp_path / "real", {"anna/q.ipynb": "a", "ben/q.ipynb": "b"})
    folders, files, mixed = (tmp_path / name for name in ("folders", "files", "mixed"))
    fill(mixed, {"cleo/q.ipynb": "c"})
    for folder in (folders, files, mixed):
        folder.mkdir(exist_ok=True)
    for student in ("anna", "ben"):
        (folders / student).symlink_to(tmp_path / "real" / student)
        (mixed / student).symlink_to(tmp_path / "real" / student)
        (files / student).mkdir()
        (files / student / "q.ipynb").symlink_to(tmp_path / "real" / student / "q.ipynb")
    for source in (folders, files):
        with pytest.raises(CollectError, match=r"nothing but links[\s\S]*2 hand-ins[\s\S]*cp -rL"):
            collected(source, tmp_path, ONE_NOTEBOOK)
    found = collected(mixed, tmp_path, ONE_NOTEBOOK)
    assert found.notes == ("2 of 3 hand-ins are links, which are not followed; copy what they point to: anna, ben.",)


HANDED_IN = packed({"q.ipynb": "a", "q.results.json": "r"})  # as the last cell of a notebook writes it
ZIPS = {
    "anna/dropout-handin.zip": "anna",
    "anna/dropout/dropout-handin.zip": "anna",
    "dropout_anna_attempt_2026-01-02-10-00-00_dropout-handin.zip": "anna",
    "doejane_11_901_dropout-handin.zip": "doejane_11",
    "doejane_LATE_11_903_dropout-handin-1.zip": "doejane_11",
    "Jane Doe_7_assignsubmission_file_/dropout-handin.zip": "Jane Doe_7",
    "Jane Doe_7_assignsubmission_file_dropout-handin.zip": "Jane Doe_7",
    "submission_1/dropout-handin.zip": "anna@x.edu",
    "397063-1 - Jane Doe - Sep 24, 2026 926 PM/dropout-handin.zip": "Jane Doe_397063",
    "397063-1 - Jane Doe - Sep 24, 2026 926 PM - dropout-handin.zip": "Jane Doe_397063",
}


@pytest.mark.parametrize("name", ZIPS)
def test_the_one_file_of_a_notebook(tmp_path: Path, name: str) -> None:
    """What a notebook's last cell packs comes out of every platform as the notebook and its record."""
    files: dict[str, bytes | str] = {name: HANDED_IN}
    if name.startswith("submission_1/"):
        files["submission_metadata.yml"] = _submitted(1, "anna@x.edu", "2026-01-02 23:30:00 -08:00")
    (one,) = collected(fill(tmp_path / "download", files), tmp_path, ONE_NOTEBOOK).submissions
    assert (one.student, copy_of(tmp_path, one, "q.ipynb"), one.files) == (ZIPS[name], "a", ("q.results.json",))
