"""Several people at once: real clients, on one server and on several; nothing is graded twice, nothing is lost."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace

import pytest

from grading import gradebook
from grading.course import Course
from grading.mark.state import Choice
from tests.grading import postgresql
from tests.grading.mark.conftest import desk_of, write_class
from tests.grading.mark.server import Reader, Server, running

ANSWERS = 30
QUESTION = "mini/mini/b_answer"


def the_class() -> dict[str, str]:
    """Answers that all differ, so that each is one decision."""
    return {f"s{number:03d}": f"answer no. {number}" for number in range(ANSWERS)}


def read_all(server: Server, name: str, seen: list[tuple[str, str]], wrong: list[object]) -> None:
    """One person: the next answer, two items, the next; until nothing waits."""
    try:
        reader, found = Reader(server, name), {}
        while found := reader.next(QUESTION, found.get("name", "")):
            stamp = found["stamp"]
            for items in (["1"], ["1", "2"]):
                status, said = reader.post(f"{found['here']}/save", {"items": items, "stamp": stamp, "comment": name})
                if status != 200:
                    wrong.append((status, said))
                    return
                stamp = said["stamp"]
            seen.append((found["name"], name))
    except Exception as error:  # a thread's own would be lost
        wrong.append(error)


def three_people(servers: list[Server], course: Course) -> None:
    """Three people read the whole class together; every answer is read by one of them, and stands as that one decided."""
    seen: list[tuple[str, str]] = []
    wrong: list[object] = []
    people = [
        threading.Thread(target=read_all, args=(server, name, seen, wrong)) for server, name in zip(servers, "tuv", strict=True)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(300)
    assert wrong == []
    assert Counter(name for name, _ in seen).most_common(1)[0][1] == 1
    assert len(seen) == ANSWERS and len({who for _, who in seen}) == 3
    desk, question = desk_of(course)
    by_student = {desk.student(question, name): who for name, who in seen}
    rows = {row["student"]: row for row in gradebook.dump(course.db, "mini") if row["cell"] == "b_answer"}
    assert {row["manual_score"] for row in rows.values()} == {1.5}
    assert not any(row["needs_manual_grade"] for row in rows.values())
    for name, _ in seen[:10]:
        assert {one.made_by for one in desk.sheet(question, "w", name).before} == {by_student[desk.student(question, name)]}


@pytest.fixture
def once(course: Course) -> Course:
    """The course without second readings: every answer is read once."""
    path = course.root / "course.toml"
    path.write_text(path.read_text().replace("[course]", "[course]\nread_twice = 0"))
    return course


@pytest.mark.slow
def test_three_people_on_one_server(once: Course) -> None:
    """SQLite, one server, three clients."""
    write_class(once, the_class())
    with running(once.root) as server:
        three_people([server] * 3, once)


@pytest.mark.slow
def test_three_servers_on_one_postgresql(once: Course) -> None:
    """PostgreSQL, three servers, a client at each."""
    programs = postgresql.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed; on Debian and Ubuntu: apt-get install postgresql")
    with postgresql.server(programs) as url, ExitStack() as stack:
        there = replace(once, db=url)
        write_class(there, the_class())
        three_people([stack.enter_context(running(once.root, db=url)) for _ in range(3)], there)


def test_the_same_answer_at_the_same_moment(course: Course) -> None:
    """Twelve people save one answer that all of them see: one is taken, eleven are told."""
    write_class(course, {"ada": "one"})
    desk, question = desk_of(course)
    name = desk.following(question, "p0")
    stamp = desk.sheet(question, "p0", name).stamp
    results: list[str] = []
    start = threading.Barrier(12)

    def save(me: str) -> None:
        start.wait()
        try:
            desk.save(question, me, name, stamp, Choice(("1",), comment=me))
            results.append(me)
        except Exception as error:
            results.append(type(error).__name__)

    people = [threading.Thread(target=save, args=(f"p{number}",)) for number in range(12)]
    for person in people:
        person.start()
    for person in people:
        person.join(60)
    assert results.count("OvertakenError") == 11
    (winner,) = [one for one in results if one != "OvertakenError"]
    assert [one.made_by for one in desk.sheet(question, "x", name).before] == [winner]


def test_nobody_is_handed_what_somebody_else_has(course: Course) -> None:
    """Six people ask at once and get six answers; the seventh gets nothing until a claim is over."""
    write_class(course, {f"s{number}": f"answer {number}" for number in range(6)})
    desk, question = desk_of(course)
    got: list[str] = []
    people = [threading.Thread(target=lambda me=f"p{number}": got.append(desk.following(question, me))) for number in range(6)]  # type: ignore[misc]
    for person in people:
        person.start()
    for person in people:
        person.join(60)
    assert len({*got}) == 6 and "" not in got
    assert desk.following(question, "late") == ""
    assert [row.people for row in desk.rows()] == [("p0", "p1", "p2", "p3", "p4", "p5")]
