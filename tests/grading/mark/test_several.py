"""Several people at once: real clients, on one server and on several; nothing is graded twice, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

import pytest

from grading import gradebook
from grading import notebook as nb
from grading.course import Course
from grading.mark import claims, decisions
from grading.mark.desk import Desk
from grading.mark.state import Choice
from tests.grading import postgresql
from tests.grading.mark.conftest import SOURCE, desk_of, with_questions, write_class
from tests.grading.mark.server import Reader, Server, running

FEW = 30, ("b_answer",)
MANY = 1_000, ("b_answer", "c_answer", "d_answer", "e_answer", "f_answer", "g_answer", "h_answer", "i_answer")
SIZES = [FEW, pytest.param(MANY, marks=pytest.mark.long)]
Size = tuple[int, tuple[str, ...]]


def write(course: Course, size: Size) -> None:
    """A class whose answers all differ, so that each is one decision."""
    students, cells = size
    path = course.source(course.assignments["mini"], "mini")
    path.write_text(nb.dump(SOURCE if size is FEW else with_questions(cells)), encoding="utf-8")
    write_class(course, {f"s{number:04d}": f"answer no. {number}" for number in range(students)}, cells)


def read_all(server: Server, name: str, cells: Sequence[str], seen: list[tuple[str, str]], wrong: list[object]) -> None:
    """One person: the next answer, an item, another one, the next; until nothing waits."""
    try:
        reader = Reader(server, name)
        for cell in cells:
            found: dict[str, str] = {}
            while found := reader.next(f"mini/mini/{cell}", found.get("name", "")):
                stamp = found["stamp"]
                for items in (["1"], ["1", "2"]) if len(cells) == 1 else (["1", "2"],):
                    status, said = reader.post(f"{found['here']}/save", {"items": items, "stamp": stamp, "comment": name})
                    if status != 200:
                        wrong.append((status, said))
                        return
                    stamp = said["stamp"]
                seen.append((found["name"], name))
    except Exception as error:  # a thread's own would be lost
        wrong.append(error)


def three_people(servers: list[Server], course: Course, size: Size) -> None:
    """Three people read the whole class together; every answer is read by one of them, and stands as that one decided."""
    students, cells = size
    seen: list[tuple[str, str]] = []
    wrong: list[object] = []
    people = [
        threading.Thread(target=read_all, args=(server, name, cells, seen, wrong))
        for server, name in zip(servers, "tuv", strict=True)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(300 if size is FEW else 7_200)
    assert wrong == []
    assert Counter(name for name, _ in seen).most_common(1)[0][1] == 1, "an answer was graded twice"
    assert len(seen) == students * len(cells) and len({who for _, who in seen}) == 3
    rows = [row for row in gradebook.dump(course.db, "mini") if row["cell"] in cells]
    assert len(rows) == len(seen) and {row["manual_score"] for row in rows} == {1.5}
    assert not any(row["needs_manual_grade"] for row in rows)
    by_name = dict(seen)
    desk = Desk(course, [course.assignments["mini"]], 0.0)
    with gradebook.looking(course.db) as connection:
        for question in desk.questions.values():
            for student, state in decisions.states(connection, question).items():
                who = by_name[desk.pile(question).name(student)]
                assert state.decision is not None
                assert (state.decision.made_by, state.decision.points, state.grade.comment) == (who, 1.5, who)
                assert state.decision.version == (2 if size is FEW else 1)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=["30", "8000"])
def test_three_people_on_one_server(course: Course, size: Size) -> None:
    """SQLite, one server, three clients."""
    write(course, size)
    with running(course.root) as server:
        three_people([server] * 3, course, size)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=["30", "8000"])
def test_three_servers_on_one_postgresql(course: Course, size: Size) -> None:
    """PostgreSQL, three servers, a client at each."""
    programs = postgresql.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed; on Debian and Ubuntu: apt-get install postgresql")
    with postgresql.server(programs) as url, ExitStack() as stack:
        there = replace(course, db=url)
        write(there, size)
        three_people([stack.enter_context(running(course.root, db=url)) for _ in range(3)], there, size)


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


def test_a_claim_is_over_some_minutes_after_its_page_was_closed(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open page renews it; afterwards the answer is handed to somebody else, and whoever comes back is told who has it."""
    write_class(course, {"ada": "one"})
    desk, question = desk_of(course)
    name, now = desk.following(question, "tom"), time.time()
    monkeypatch.setattr(claims.time, "time", lambda: now)
    now += claims.LASTS_S - 1
    assert desk.following(question, "uma") == ""
    desk.keep(question, "tom", name)
    now += claims.LASTS_S - 1
    assert desk.following(question, "uma") == ""
    now += 2
    assert desk.following(question, "uma") == name
    desk.keep(question, "tom", name)
    assert desk.sheet(question, "tom", name).taken == "uma"
    assert desk.following(question, "tom") == ""
