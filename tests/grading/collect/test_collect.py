"""Every way in which a class's work arrives, and everything that one student can do to it."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grading import records
from grading.collect import collection, names, submission_files
from grading.collect.collection import Collected, CollectError
from grading.course import Course
from grading.records import Submission
from grading.settings import Assignment, Limits
from grading.workspace import Workspace

NB = "q_coding_dropout"
LIMITS = Limits(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
ASSIGNMENT = Assignment("dropout", "Understanding Dropout", (NB,), (), (), {"a": 1}, LIMITS)


def fill(root: Path, files: dict[str, bytes | str]) -> Path:
    """Write a tree; a name that ends in a slash is a folder."""
    for moment, (name, content) in enumerate(files.items()):
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(path, (1_700_000_000 + moment, 1_700_000_000 + moment))
    return root


def packed(files: dict[str, bytes | str]) -> bytes:
    """A zip of the same kind of tree."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for moment, (name, content) in enumerate(files.items()):
            info = zipfile.ZipInfo(name, (2026, 1, 1 + moment // 24, moment % 24, 0, 0))
            bundle.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def collected(source: Path, tmp_path: Path, assignment: Assignment = ASSIGNMENT, others: Sequence[str] = ()) -> Collected:
    """Collect into a build folder, in a course that has another assignment with these notebooks."""
    known = {one.name: one for one in (assignment, replace(assignment, name="other", notebooks=tuple(others)))}
    course = Course(tmp_path, "course", tmp_path / "notebooks", tmp_path / "build", "", 1, known)
    return collection.collect(source, course, assignment)


def gather(source: Path, tmp_path: Path, assignment: Assignment = ASSIGNMENT) -> dict[str, Submission]:
    """Collect and index by student."""
    return {one.student: one for one in collected(source, tmp_path, assignment).submissions}


def copy_of(tmp_path: Path, submission: Submission, name: str = f"{NB}.ipynb") -> str:
    """What the copy of a file says."""
    return (Workspace(tmp_path / "build", submission.assignment).submission(submission.student) / name).read_text()


def test_a_folder_per_student(tmp_path: Path) -> None:
    """The sample class: notebook and record are kept, what the tests expect is not, an empty folder counts."""
    source = fill(
        tmp_path / "class",
        {
            f"perfect/{NB}.ipynb": "{}",
            f"perfect/{NB}.results.json": "[]",
            "perfect/expected.json": "secret",
            "empty_folder/": "",
            "only_expected/expected.json": "x",
            "README.md": "about the class",
        },
    )
    found = gather(source, tmp_path)
    assert sorted(found) == ["empty_folder", "only_expected", "perfect"]
    assert found["perfect"].notebooks == {NB: f"{NB}.ipynb"}
    assert found["perfect"].files == (f"{NB}.results.json",)
    assert found["perfect"].notes == ()
    assert found["empty_folder"].notebooks == {} and found["only_expected"].files == ()
    assert not list((tmp_path / "build").rglob("expected.json"))


def test_the_record_is_on_disk(tmp_path: Path) -> None:
    """What is returned is what the next stage reads back."""
    source = fill(tmp_path / "class", {f"anna/{NB}.ipynb": "{}"})
    one = gather(source, tmp_path)["anna"]
    assert records.load(tmp_path / "build/dropout/collect/anna.json", Submission) == one


@pytest.mark.parametrize("top", ["", "submitted/", "dropout/", "class/", "export 2026/"])
@pytest.mark.parametrize("as_zip", [False, True])
def test_nbgrader_layout(tmp_path: Path, top: str, as_zip: bool) -> None:
    """Nbgrader's own folders, wrapped or not, as a folder and as a zip; another assignment's work is not ours."""
    files: dict[str, bytes | str] = {
        f"{top}anna/dropout/{NB}.ipynb": "anna",
        f"{top}anna/dropout/timestamp.txt": "2026-01-01 UTC",
        f"{top}anna/ps1/other.ipynb": "no",
        f"{top}ben/dropout/{NB}.ipynb": "ben",
        f"{top}cleo/ps1/problem.ipynb": "no",
        f"{top}cleo/ps1/timestamp.txt": "2026-01-01 UTC",
    }
    if as_zip:
        source = tmp_path / "class.zip"
        source.write_bytes(packed(files))
    else:
        source = fill(tmp_path / "class", files)
    found = gather(source, tmp_path)
    assert sorted(found) == ["anna", "ben", "cleo"]
    assert copy_of(tmp_path, found["anna"]) == "anna" and found["anna"].files == ()
    assert found["cleo"].notebooks == {} and "not dropout" in found["cleo"].notes[0]


def test_nbgrader_layout_with_one_student(tmp_path: Path) -> None:
    """A class of one is a class: the student's folder is not taken for a wrapper."""
    source = fill(tmp_path / "s", {f"anna/dropout/{NB}.ipynb": "x", "anna/ps1/y.ipynb": "y"})
    assert sorted(gather(source, tmp_path)) == ["anna"]


def test_a_class_below_several_folders(tmp_path: Path) -> None:
    """Folders that only wrap are peeled off, however many; one student's own nested folders are not."""
    files: dict[str, bytes | str] = {f"homework/students/{name}/{NB}.ipynb": name for name in ("ann", "ben")}
    found = gather(fill(tmp_path / "hw5", files), tmp_path)
    assert {name: copy_of(tmp_path, one) for name, one in found.items()} == {"ann": "ann", "ben": "ben"}
    alone = fill(tmp_path / "class", {f"ann/hw/coding/{NB}.ipynb": "x", "ann/hw/written/y.ipynb": "y"})
    assert sorted(gather(alone, tmp_path)) == ["ann"]
    zips = fill(tmp_path / "z", {f"a/b/{name}.zip": packed({f"{NB}.ipynb": name}) for name in ("cleo", "dan")})
    assert sorted(gather(zips, tmp_path)) == ["cleo", "dan"]


def test_a_folder_that_may_be_several_students(tmp_path: Path) -> None:
    """Sections of a class look like students who handed in twice: the terminal says so. An old copy below the work is no doubt."""
    files: dict[str, bytes | str] = {f"section {part}/{name}/{NB}.ipynb": name for part, name in zip("1122", "abcd", strict=True)}
    files |= {f"eve/{NB}.ipynb": "new", f"eve/old/{NB}.ipynb": "old"}
    found = collected(fill(tmp_path / "c", files), tmp_path)
    assert found.notes == tuple(
        f"section {part} has 2 files {NB}.ipynb ({where}): is it one student, or several?"
        for part, where in (("1", "a, b"), ("2", "c, d"))
    )


def test_text_and_files_on_moodle(tmp_path: Path) -> None:
    """Moodle puts what a student typed and what was uploaded into two folders: one student."""
    files: dict[str, bytes | str] = {f"Bob Roe_7_assignsubmission_file_/{NB}.ipynb": "x"}
    files["Bob Roe_7_assignsubmission_onlinetext_/onlinetext.html"] = "see the file"
    files["Jane_8_assignsubmission_onlinetext_/onlinetext.html"] = "nothing yet"
    found = gather(fill(tmp_path / "m", files), tmp_path)
    assert sorted(found) == ["Bob Roe_7", "Jane_8"] and copy_of(tmp_path, found["Bob Roe_7"]) == "x"


def test_flat_platform_files(tmp_path: Path) -> None:
    """Nbgrader's zip_collect names: the newest attempt counts; a student cannot hand in under another's name."""
    source = fill(
        tmp_path / "dl",
        {
            f"dropout_anna_m_attempt_2026-01-01-10-00-00_{NB}.ipynb": "old",
            f"dropout_anna_m_attempt_2026-01-02-10-00-00_{NB}.ipynb": "new",
            f"dropout_anna_m_attempt_2026-01-02-10-00-00_{NB}.results.json": "[]",
            f"dropout_mallory_attempt_2026-01-01-10-00-00_bob_attempt_2027-01-01_{NB}.ipynb": "mine",
            "dropout_zoe_attempt_2026-01-01-10-00-00_work.zip": packed({f"deep/{NB}.ipynb": "zoe"}),
            f"{NB}.md": "",
        },
    )
    found = gather(source, tmp_path)
    assert sorted(found) == ["anna_m", "mallory", "zoe"]
    assert copy_of(tmp_path, found["anna_m"]) == "new" and found["anna_m"].files == (f"{NB}.results.json",)
    assert "2 attempts" in found["anna_m"].notes[0]
    assert copy_of(tmp_path, found["zoe"]) == "zoe"


def test_canvas_and_moodle_names(tmp_path: Path) -> None:
    """Canvas keeps two people of one name apart by their number; Moodle's folder names lose their tail."""
    canvas = fill(tmp_path / "c", {f"doejane_11_901_{NB}.ipynb": "1", f"doejane_LATE_22_902_{NB}-1.ipynb": "2"})
    assert sorted(gather(canvas, tmp_path)) == ["doejane_11", "doejane_22"]
    moodle = fill(tmp_path / "m", {f"Jane Doe_7_assignsubmission_file_/{NB}.ipynb": "3"})
    assert sorted(gather(moodle, tmp_path)) == ["Jane Doe_7"]


def test_canvas_downloaded_twice(tmp_path: Path) -> None:
    """Of two versions of a file the one with the larger number counts, whatever the names and dates; the note tells them apart."""
    source = fill(
        tmp_path / "c",
        {
            f"a_1_9010_{NB}-1.ipynb": "new",
            f"a_1_9007_{NB}.ipynb": "old",
            f"a_1_9011_{NB}.results-1.json": "new",
            f"a_1_9008_{NB}.results.json": "old",
            f"b_LATE_2_10000_{NB}.ipynb": "new",
            f"b_2_9010_{NB}.ipynb": "old",
            f"c_3_9021_{NB}-2.ipynb": "new",
            f"c_3_9020_{NB}-1.ipynb": "old",
            f"d_4_9031_{NB}.ipynb": "new",
            "d_4_9032_part-1.csv": "1",
            "d_4_9033_part-2.csv": "2",
            "e_5_9042_mine.ipynb": "new",
            "e_5_9041_other.ipynb": "old",
        },
    )
    found = gather(source, tmp_path)
    assert {copy_of(tmp_path, one) for one in found.values()} == {"new"}
    assert copy_of(tmp_path, found["a_1"], f"{NB}.results.json") == "new" and found["a_1"].files == (f"{NB}.results.json",)
    taken, left = f"{NB}-1.ipynb", f"a_1_9007_{NB}.ipynb"
    why = "because it was handed in last"
    assert f"2 files could be {NB}.ipynb; {taken} was taken, {why}; left out: {left}." in found["a_1"].notes
    taken, left = f"a_1_9011_{NB}.results-1.json", f"a_1_9008_{NB}.results.json"
    assert f"2 versions of {NB}.results.json; the newest, {taken}, was taken; left out: {left}." in found["a_1"].notes
    assert "Handed in late, says Canvas." in found["b_2"].notes and len(found["b_2"].notes) == 2
    assert found["d_4"].files == ("part-1.csv", "part-2.csv") and found["d_4"].notes == ()


def test_canvas_files_whose_own_names_have_numbers(tmp_path: Path) -> None:
    """With notebooks `q` and `q-1`, the second is no new version of the first."""
    assignment = replace(ASSIGNMENT, notebooks=("q", "q-1"))
    found = gather(fill(tmp_path / "c", {"a_1_9_q.ipynb": "1", "a_1_10_q-1.ipynb": "2", "b_2_3_q.ipynb": ""}), tmp_path, assignment)
    assert found["a_1"].notebooks == {"q": "q.ipynb", "q-1": "q-1.ipynb"}


@pytest.mark.parametrize("wrapped", [False, True])
def test_one_zip_per_student(tmp_path: Path, wrapped: bool) -> None:
    """A zip per student, one of them damaged: that student gets a note and the others their copy."""
    top = "all/" if wrapped else ""
    files: dict[str, bytes | str] = {
        f"{top}anna.zip": packed({f"hw/{NB}.ipynb": "anna", "hw/extra.py": "x = 1"}),
        f"{top}ben.zip": b"PK\x03\x04 not a zip at all",
        f"{top}cleo.zip": packed({}),
    }
    source = tmp_path / "bundle.zip"
    source.write_bytes(packed(files))
    found = gather(source, tmp_path)
    assert sorted(found) == ["anna", "ben", "cleo"]
    assert found["anna"].files == ("extra.py",)
    assert found["ben"].notebooks == {} and "not a zip" in found["ben"].notes[0]


def test_a_folder_beside_its_zip(tmp_path: Path) -> None:
    """Somebody unpacked a zip and left it there: one student; the folder counts unless it holds no work."""
    files: dict[str, bytes | str] = {f"anna/{NB}.ipynb": "folder", "ben/notes.txt": "-"}
    files |= {f"{name}.zip": packed({f"{NB}.ipynb": "zip"}) for name in ("anna", "ben", "cleo")}
    found = gather(fill(tmp_path / "c", files), tmp_path)
    assert {name: copy_of(tmp_path, one) for name, one in found.items()} == {"anna": "folder", "ben": "zip", "cleo": "zip"}
    assert "left out: anna.zip" in found["anna"].notes[0] and "left out: notes.txt" in found["ben"].notes[0]


METADATA = """---
submission_1:
  :submitters:
  - :name: Anna Maier
    :sid: '007'
    :email: anna@uni.example
  - :name: Ben
    :sid: 8
    :email: ben@uni.example
  :created_at: 2026-01-02 10:00:00.123456789 Z
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    score: 1
submission_2:
  :submitters:
  - :name: Ben
    :email: ben@uni.example
  :created_at: 2026-01-03 10:00:00 Z
submission_3:
  :submitters:
  - :name: "<script>alert(1)</script>"
  :created_at: 2026-01-03 10:00:00 Z
"""


def test_gradescope_export(tmp_path: Path) -> None:
    """Every member of a group gets the submission, the newest one counts, a missing folder is said."""
    source = tmp_path / "assignment_9_export.zip"
    top = "assignment_9_export"
    files: dict[str, bytes | str] = {
        f"{top}/submission_metadata.yml": METADATA,
        f"{top}/submission_1/{NB}.ipynb": "one",
        f"{top}/submission_1/submission_metadata.yml": "submission_1: {':submitters': [{':name': boss}]}",
        f"{top}/submission_2/{NB}.ipynb": "two",
        f"{top}/submission_4/{NB}.ipynb": "four",
    }
    source.write_bytes(packed(files))
    found = gather(source, tmp_path)
    assert sorted(found) == ["_script_alert(1)__script_", "anna@uni.example", "ben@uni.example", "submission_4"]
    assert copy_of(tmp_path, found["anna@uni.example"]) == "one"
    assert found["anna@uni.example"].notes == ("Handed in together with ben@uni.example.",)
    assert copy_of(tmp_path, found["ben@uni.example"]) == "two"
    assert "no folder submission_3" in " ".join(found["_script_alert(1)__script_"].notes)
    assert "does not say who" in found["submission_4"].notes[0]


def test_each_partner_of_a_gradescope_group_gets_the_own_newest(tmp_path: Path) -> None:
    """Anna handed in alone after the group did, and Ben too, at another moment: neither's moment counts for the other."""
    people = {"submission_1": ("anna", 10), "submission_2": ("anna ben", 5), "submission_3": ("ben", 7)}
    lines = []
    for key, (members, day) in people.items():
        lines += [f"{key}:", "  :submitters:", *(f"  - :email: {name}@x.edu" for name in members.split())]
        lines += [f"  :created_at: 2026-01-{day:02} 10:00:00 Z"]
    files: dict[str, bytes | str] = {f"{key}/{NB}.ipynb": key for key in people}
    found = gather(fill(tmp_path / "e", {"submission_metadata.yml": "\n".join(lines), **files}), tmp_path)
    assert {name: copy_of(tmp_path, one) for name, one in found.items()} == {
        "anna@x.edu": "submission_1",
        "ben@x.edu": "submission_3",
    }
    assert found["ben@x.edu"].notes[0] == "2 submissions of this student; the newest, of 2026-01-07 10:00:00 Z, is submission_3."
    assert found["ben@x.edu"].notes[1].endswith(f"it was handed in last; left out: submission_2/{NB}.ipynb.")


@pytest.mark.parametrize("text", ["{", "- a", "a: !!python/object/apply:os.system [touch pwned]", "\0", "x: " + "[" * 5000])
def test_gradescope_metadata_is_only_data(tmp_path: Path, text: str) -> None:
    """Broken or hostile metadata runs nothing and stops nothing: submissions keep their numbers."""
    source = fill(tmp_path / "e", {"submission_metadata.yml": text, f"submission_1/{NB}.ipynb": "one"})
    assert "submission_1" in gather(source, tmp_path)
    assert not Path("pwned").exists()


def test_a_student_cannot_pose_as_gradescope(tmp_path: Path) -> None:
    """A metadata file inside a student's folder changes nothing for the class."""
    source = fill(tmp_path / "c", {f"anna/{NB}.ipynb": "a", f"mal/{NB}.ipynb": "m", "mal/submission_metadata.yml": METADATA})
    assert sorted(gather(source, tmp_path)) == ["anna", "mal"]


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_single_submission(tmp_path: Path, as_zip: bool) -> None:
    """A source that is itself one submission gets one student, named after it."""
    files: dict[str, bytes | str] = {f"{NB}.ipynb": "x", "data/small.csv": "1"}
    source = tmp_path / ("anna.zip" if as_zip else "anna")
    if as_zip:
        source.write_bytes(packed(files))
    else:
        fill(source, files)
    found = gather(source, tmp_path)
    assert sorted(found) == ["anna"] and found["anna"].files == ("data/small.csv",)


@pytest.mark.parametrize(
    "name",
    [
        f"{NB} (1).ipynb",
        f"{NB}-Copy1.ipynb",
        f"{NB}_ipynb_.ipynb",
        f"Copy of {NB}.ipynb",
        f"{NB}.ipynb.txt",
        f"anna_{NB.upper()}_final.IPYNB",
        "Untitled.ipynb",
    ],
)
def test_renamed_notebooks(tmp_path: Path, name: str) -> None:
    """What browsers and people do to a name is undone, and said."""
    source = fill(tmp_path / "c", {f"anna/hw/{name}": "x", f"anna/hw/{NB}.results (1).json": "[]"})
    one = gather(source, tmp_path)["anna"]
    assert one.notebooks == {NB: f"{NB}.ipynb"} and copy_of(tmp_path, one) == "x"
    assert one.files == (f"{NB}.results.json",)
    assert any(name in note for note in one.notes)


def test_several_notebooks_fit(tmp_path: Path) -> None:
    """The right name wins; without one, the newest file."""
    source = fill(
        tmp_path / "c",
        {
            f"anna/{NB}.ipynb": "right",
            f"anna/{NB} (1).ipynb": "newer",
            f"ben/{NB} (2).ipynb": "old",
            f"ben/{NB} (1).ipynb": "new",
            "cleo/one.ipynb": "?",
            "cleo/two.ipynb": "?",
        },
    )
    found = gather(source, tmp_path)
    assert copy_of(tmp_path, found["anna"]) == "right" and "right name" in found["anna"].notes[0]
    assert copy_of(tmp_path, found["ben"]) == "new" and "newest" in found["ben"].notes[0]
    assert found["cleo"].notebooks == {NB: f"{NB}.ipynb"} and "newest" in found["cleo"].notes[0], "work is never a silent zero"


def test_names_that_contain_each_other(tmp_path: Path) -> None:
    """With notebooks `q` and `q_extra`, a copy of the longer one is not taken for the shorter."""
    assignment = Assignment("two", "Two", ("q", "q_extra"), (), (), {}, LIMITS)
    source = fill(tmp_path / "c", {"anna/q.ipynb": "1", "anna/q_extra (1).ipynb": "2", "ben/q_extra.ipynb": "2"})
    found = gather(source, tmp_path, assignment)
    assert found["anna"].notebooks == {"q": "q.ipynb", "q_extra": "q_extra.ipynb"}
    assert found["ben"].notebooks == {"q_extra": "q_extra.ipynb"}


def test_what_is_never_kept(tmp_path: Path) -> None:
    """Caches, environments, hidden files, the library itself and unknown kinds stay out; the last two are said."""
    source = fill(
        tmp_path / "c",
        {
            f"anna/{NB}.ipynb": "x",
            f"anna/.ipynb_checkpoints/{NB}-checkpoint.ipynb": "old",
            "anna/__pycache__/a.py": "",
            "anna/.venv/lib/b.py": "",
            "anna/.hidden.py": "",
            "anna/hw_lib/layers.py": "cheat",
            "anna/hw_lib.py": "cheat",
            "anna/movie.mp4": "x",
            "anna/photo.jpg": "my derivation",
            "anna/own.py": "y = 1",
        },
    )
    one = gather(source, tmp_path)["anna"]
    assert one.files == ("own.py", "photo.jpg")
    assert "hw_lib" in one.notes[0] and "movie.mp4" in one.notes[1] and len(one.notes) == 2


def test_links_are_never_followed(tmp_path: Path) -> None:
    """A linked notebook, folder or file is refused with a note; a pipe does not stop the collection."""
    secret = fill(tmp_path, {"secret.ipynb": "solutions", "else/x.py": "s"}) / "secret.ipynb"
    source = fill(tmp_path / "c", {"anna/": "", f"ben/{NB}.ipynb": "x"})
    (source / "anna" / f"{NB}.ipynb").symlink_to(secret)
    (source / "ben" / "more").symlink_to(tmp_path / "else")
    (source / "cleo").symlink_to(tmp_path / "else")
    os.mkfifo(source / "ben" / "pipe.py")
    found = gather(source, tmp_path)
    assert found["anna"].notebooks == {} and "is a link" in found["anna"].notes[0]
    assert found["ben"].files == () and "pipe.py is not a plain file" in " ".join(found["ben"].notes)
    assert found["cleo"].notebooks == {} and "is a link" in found["cleo"].notes[0]


def test_a_zip_cannot_point_outside(tmp_path: Path) -> None:
    """Absolute names, `..`, backslashes and links in a student's zip write nothing anywhere."""
    link = zipfile.ZipInfo("link.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    link.create_system = 3
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name in ("../evil.py", "/tmp/evil.py", "..\\evil.py", "C:\\evil.py", "a/../../evil.py"):
            bundle.writestr(name, "x")
        bundle.writestr(link, "/etc/passwd")
        bundle.writestr(f"win\\{NB}.ipynb", "fine")
    source = fill(tmp_path / "c", {"anna.zip": buffer.getvalue()})
    one = gather(source, tmp_path)["anna"]
    assert copy_of(tmp_path, one) == "fine" and one.files == ()
    assert "5 entries" in one.notes[0]
    assert not list(tmp_path.rglob("evil.py"))


def test_what_cannot_be_opened_is_for_a_person(tmp_path: Path) -> None:
    """A notebook that may be there but cannot be read is refused with a reason; one that is not there is simply missing."""
    large = bytes(submission_files.FILE_BYTES + 1)
    source = fill(
        tmp_path / "c",
        {
            "damaged/work.zip": b"PK\x03\x04 half of a zip",
            "packed/work.rar": b"Rar!",
            "twice/work.zip": packed({"inner.zip": packed({f"{NB}.ipynb": "x"})}),
            f"large/{NB}.ipynb": large,
            "bomb/work.zip": packed({f"{NB}.ipynb": large}),
            f"one/{NB}.ipynb": "x",
            "one/data.zip": b"no zip",
            "missing/answers.pdf": "x",
            "links/": "",
        },
    )
    (source / "folder").symlink_to(source / "one")
    (source / "links" / f"{NB}.ipynb").symlink_to(source / "one" / f"{NB}.ipynb")
    (source / "missing" / "users.csv").symlink_to("/etc/passwd")
    found = gather(source, tmp_path)
    assert {name: one.refused.get(NB, "") for name, one in found.items()} == {
        "damaged": "work.zip is not a zip, or a damaged one",
        "packed": "work.rar was not unpacked",
        "twice": "inner.zip was not unpacked",
        "large": f"{NB}.ipynb is larger than 20 MB",
        "bomb": f"{NB}.ipynb is larger than 20 MB",
        "one": "",
        "missing": "",
        "links": f"{NB}.ipynb is a link, and links are not followed",
        "folder": "folder is a link, and links are not followed",
    }
    assert [name for name, one in found.items() if one.notebooks] == ["one"]


def test_names_that_no_folder_takes(tmp_path: Path) -> None:
    """Files a thousand folders down, or with endless names, are left out with a note; who walks through copies does not recurse."""
    names = ["a/" * 1500 + "deep.py", "b/" * 30 + "deep.py", "n" * 230 + ".py", "/".join(["part" * 20] * 12) + ".py"]
    bundle = packed({f"{NB}.ipynb": "x", "near/own.py": "x = 1", **dict.fromkeys(names, "x = 1")})
    one = gather(fill(tmp_path / "c", {"anna.zip": bundle}), tmp_path)["anna"]
    assert one.notebooks and one.files == ("near/own.py",)
    assert sum("too long, or lies too deep" in note for note in one.notes) == len(names)


def test_zip_bombs(tmp_path: Path) -> None:
    """A file that unpacks to more than the limit is dropped while reading, and lying about its size does not help."""
    honest = packed({f"{NB}.ipynb": "x", "zeros.npz": bytes(submission_files.FILE_BYTES + 1)})
    lying = honest.replace((submission_files.FILE_BYTES + 1).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    source = fill(tmp_path / "c", {"anna.zip": honest, "ben.zip": lying})
    found = gather(source, tmp_path)
    for one in found.values():
        assert one.notebooks and one.files == () and "zeros.npz" in one.notes[0]


def test_unusual_zips(tmp_path: Path) -> None:
    """Methods without a limit and passwords are refused with a note."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as bundle:
        bundle.writestr(f"{NB}.ipynb", "x")
    locked = bytearray(packed({f"{NB}.ipynb": "x"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    source = fill(tmp_path / "c", {"anna.zip": buffer.getvalue(), "ben.zip": bytes(locked)})
    found = gather(source, tmp_path)
    assert "unusual method" in found["anna"].notes[0] and "password" in found["ben"].notes[0]


def test_the_limits_of_a_submission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook comes first; what goes over the bytes or the count is dropped with a note."""
    monkeypatch.setattr(submission_files, "SUBMISSION_BYTES", 100)
    monkeypatch.setattr(submission_files, "FILES", 4)
    files: dict[str, bytes | str] = {f"anna/{NB}.ipynb": "x" * 60, "anna/a.csv": "y" * 60}
    files |= {f"anna/b{number}.py": "z" for number in range(9)}
    one = gather(fill(tmp_path / "c", files), tmp_path)["anna"]
    assert one.notebooks and one.files == ("b0.py", "b1.py", "b2.py")
    assert any("a.csv was left out" in note for note in one.notes) and any("first 4" in note for note in one.notes)


def test_names_become_safe(tmp_path: Path) -> None:
    """A name is a plain file name afterwards: letters of every script stay, paths, markup and hidden names do not."""
    cases = {
        "Anna Müller": "Anna Müller",
        "李雷": "李雷",
        "../../etc": "_._etc",
        "-rf": "rf",
        "..": "student",
        "a\0b/c\\d": "a_b_c_d",
        "<b>x</b>": "_b_x__b_",
        "index.html": "index_html",
        "x.json": "x_json",
        "\u202eevil": "_evil",
        "=1+1": "_1+1",
    }
    assert {raw: names.safe_name(raw) for raw in cases} == cases
    assert len(names.safe_name("ж" * 400).encode()) <= 180


def test_colliding_names_get_a_number(tmp_path: Path) -> None:
    """Two students whose names differ only in what is unsafe, or in case, stay two students."""
    source = fill(tmp_path / "c", {f"a&b/{NB}.ipynb": "1", f"a_b/{NB}.ipynb": "2", f"A_B/{NB}.ipynb": "3"})
    found = gather(source, tmp_path)
    assert sorted(found) == ["A_B", "a_b-2", "a_b-3"]
    assert {copy_of(tmp_path, one) for one in found.values()} == {"1", "2", "3"}
    assert "'a&b'" in found["a_b-3"].notes[0]


def test_collecting_again_changes_nothing(tmp_path: Path) -> None:
    """The same source gives the same records and leaves the copies untouched."""
    source = fill(tmp_path / "c", {f"anna/{NB}.ipynb": "x", "anna/a.py": "", "ben/": ""})
    first = collected(source, tmp_path)
    copy = tmp_path / "build/dropout/collect/anna" / f"{NB}.ipynb"
    before = copy.stat().st_mtime_ns, copy.stat().st_ino
    assert collected(source, tmp_path) == first
    assert (copy.stat().st_mtime_ns, copy.stat().st_ino) == before


def test_another_source_replaces_the_class(tmp_path: Path) -> None:
    """Who is not in the source any more is removed and named; old files of those who are do not linger."""
    one = fill(tmp_path / "1", {f"anna/{NB}.ipynb": "old", "anna/a.py": "", f"ben/{NB}.ipynb": "x"})
    two = fill(tmp_path / "2", {f"anna/{NB}.ipynb": "new"})
    collected(one, tmp_path)
    after = collected(two, tmp_path)
    assert after.gone == ("ben",) and after.submissions[0].files == ()
    assert sorted(path.name for path in (tmp_path / "build/dropout/collect").iterdir()) == ["anna", "anna.json"]


def test_sources_that_cannot_be_collected(tmp_path: Path) -> None:
    """A missing, damaged or empty source raises in the project's format, and yesterday's class stays."""
    collected(fill(tmp_path / "1", {f"anna/{NB}.ipynb": "x"}), tmp_path)
    (tmp_path / "bad.zip").write_bytes(b"nonsense")
    (tmp_path / "void").mkdir()
    for name in ("bad.zip", "void", "nowhere", "build", "build/dropout/collect"):
        with pytest.raises(CollectError, match="expected:"):
            collected(tmp_path / name, tmp_path)
    assert (tmp_path / "build/dropout/collect/anna" / f"{NB}.ipynb").is_file()


def test_hostile_files_spoil_only_their_own_submission(tmp_path: Path) -> None:
    """Names that no disk or record takes, a file where a folder should be, damaged bytes: the others are collected."""
    broken = bytearray(packed({f"{NB}.ipynb": "x" * 5000, "b.py": "y"}))
    broken[60] ^= 0xFF
    clash = packed({f"{NB}.ipynb": "x", "a.py": "1", "a.py/b.py": "2", "n" * 400 + ".py": "3", "new\nline.py": "4"})
    source = fill(tmp_path / "c", {"mal.zip": bytes(broken), "clash.zip": clash, f"anna/{NB}.ipynb": "fine"})
    with contextlib.suppress(OSError):  # not every disk takes such a name
        (source / os.fsdecode(b"bad\xff")).mkdir()
    found = gather(source, tmp_path)
    assert copy_of(tmp_path, found["anna"]) == "fine"
    assert found["clash"].notebooks and len(found["clash"].notes) == 3
    assert found["mal"].notebooks == {} and found["mal"].files == ("b.py",)
    assert len(found) == len(list(source.iterdir()))
