"""The gradebook on a real PostgreSQL: the same grades as on SQLite, whoever writes at the same time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import text

from grading import gradebook
from grading.gradebook import fresh
from grading.gradebook.database import begun
from grading.gradebook.grades import GradebookError
from grading.marks import Verdict
from tests.grading import postgresql
from tests.grading.gradebook.test_gradebook import SOURCES, card

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of this file's own."""
    programs = postgresql.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed; on Debian and Ubuntu: apt-get install postgresql")
    with postgresql.server(programs) as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    """An empty database."""
    import psycopg2

    host = server.rpartition("=")[2]
    with closing(psycopg2.connect(host=host, user="hw", dbname="postgres")) as line:
        line.autocommit = True
        line.cursor().execute("DROP DATABASE IF EXISTS grades")
        line.cursor().execute("CREATE DATABASE grades")
    return server.replace("/postgres?", "/grades?")


def test_the_same_rows_as_sqlite(url: str, tmp_path: Path) -> None:
    """Passed, failed, unjudged, by hand: PostgreSQL holds what SQLite holds, and writing twice changes nothing."""
    cards = [card("ada"), card("bob", 0.0, Verdict.FAILED, answered=False), card("cyd", None, Verdict.UNJUDGED)]
    lite = f"sqlite:///{tmp_path}/gradebook.db"
    gradebook.write(lite, "mini", SOURCES, cards)
    for _ in range(2):
        gradebook.write(url, "mini", SOURCES, cards)
        assert gradebook.dump(url, "mini") == gradebook.dump(lite, "mini")


def test_the_tables_are_nbgraders(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns, types and constraints are the same to the server, whether we make the tables or nbgrader."""
    gradebook.write(url, "mini", SOURCES, [])
    ours = layout(url)
    with begun(url, write=True) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    monkeypatch.setattr(fresh, "is_known", lambda: False)
    gradebook.write(url, "mini", SOURCES, [])
    assert layout(url) == ours
    assert len(ours) > 100


def layout(url: str) -> list[str]:
    """What the server says of its tables, the version and the course."""
    columns = "table_name, column_name, ordinal_position, udt_name, character_maximum_length, is_nullable, column_default"
    asked = (
        f"SELECT {columns} FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 0",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT enumtypid::regtype::text, enumsortorder, enumlabel FROM pg_enum",
        "SELECT * FROM alembic_version",
        "SELECT * FROM course",
    )
    with begun(url, write=False) as connection:
        return sorted(repr(tuple(row)) for statement in asked for row in connection.execute(text(statement)))


def test_manual_grades_survive_and_come_back(url: str) -> None:
    """A person's points are kept by a regrade and read back into the cards."""
    gradebook.write(url, "mini", SOURCES, [card("ada")])
    with Gradebook(url) as book:
        grade = book.find_grade("b_answer", "mini", "mini", "ada")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()
    gradebook.write(url, "mini", SOURCES, [card("ada")])
    found = gradebook.with_manual_grades(url, [card("ada")])[0]
    assert next(mark.points for mark in found.marks if mark.grade_id == "b_answer") == 0.5


GRADER = """
import sys
sys.path.insert(0, {root!r})
from tests.grading.gradebook.test_gradebook import SOURCES, card
from grading import gradebook
who, url = sys.argv[1:]
print("ready", flush=True)
input()
students = [f"student-{{number:02d}}" for number in range(40)]
gradebook.write(url, "mini", SOURCES, [card(name) for name in (students if who == "first" else reversed(students))])
"""


def test_two_graders_at_once(url: str, tmp_path: Path) -> None:
    """Two processes make the tables and write the same forty students at the same moment: every row is there once."""
    command = [sys.executable, "-c", GRADER.format(root=str(ROOT))]
    pipe = subprocess.PIPE
    graders = [
        subprocess.Popen([*command, who, url], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) for who in ("first", "second")
    ]
    for grader in graders:
        assert grader.stdout is not None
        assert grader.stdout.readline() == b"ready\n"
    for grader in graders:
        assert grader.stdin is not None
        grader.stdin.write(b"\n")
        grader.stdin.flush()
    said = [grader.communicate(timeout=300)[1] for grader in graders]
    assert [grader.returncode for grader in graders] == [0, 0], said
    lite = f"sqlite:///{tmp_path}/gradebook.db"
    gradebook.write(lite, "mini", SOURCES, [card(f"student-{number:02d}") for number in range(40)])
    assert gradebook.dump(url, "mini") == gradebook.dump(lite, "mini")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """One message, without the password."""
    with pytest.raises(GradebookError) as caught:
        gradebook.write(f"postgresql+psycopg2://hw:sesame@/grades?host={tmp_path}", "mini", SOURCES, [])
    assert "the gradebook cannot be opened" in str(caught.value)
    assert "sesame" not in str(caught.value)
