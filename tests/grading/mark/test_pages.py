"""The pages as a browser gets them: who may see them, what they forbid, what they say of bad input."""

from __future__ import annotations

import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading import course as courses
from grading import gradebook
from grading import notebook as nb
from grading.course import Course
from grading.files import write_text
from grading.mark import Cell, Desk, ask
from hw_lib.results import Recorder
from tests.grading.conftest import cell
from tests.grading.mark.conftest import ONCE, SOURCE, write_class
from tests.grading.mark.server import Reader, Server, running
from tests.grading.test_shown import HOSTILE, seen

pytestmark = pytest.mark.slow
QUESTION = "mini/mini/b_answer"
WRONG = ((["1", "0.25", "0.25", "-0.5"], 1), (["x", "1", "1", "-1"], 1), (["1", "0.5", "0.5", "-1"], 0))
PASTED = "iVBORw0KGgo="


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory, empty: Path) -> Iterator[tuple[Course, Server]]:
    """A class of hostile and of plain answers, and a server; what tests decide stays for the next."""
    root = tmp_path_factory.mktemp("pages") / "course"
    write_text(root / "course.toml", ONCE)
    write_text(root / "notebooks" / "mini" / "mini.ipynb", nb.dump(SOURCE))
    (root / "build").mkdir()
    shutil.copy(empty, root / "build" / "gradebook.db")
    course = courses.load(root / "course.toml")
    plain = {"ada": "plain", "bob": "another", "cyd": "![p](attachment:p.png) third", "dan": ""}
    write_class(course, {**plain, **{f"evil{at:02d}": text for at, text in enumerate(HOSTILE)}})
    path = course.workspace(course.assignments["mini"]).restored("cyd", "mini")
    notebook = nb.parse(path.read_bytes(), "mini")
    for one in notebook["cells"]:
        if one["id"] == "b_answer":
            one["attachments"] = {"p.png": {"image/png": PASTED}, "q.svg": {"image/svg+xml": "PHN2Zz4="}}
    write_text(path, nb.dump(notebook))
    _measured(course)
    with running(root) as server:
        yield course, server


def _measured(course: Course) -> None:
    """A cell of bob's beside the answer, what it drew, and what it recorded."""
    work = course.workspace(course.assignments["mini"])
    path = work.formgrader("bob", "mini")
    notebook = nb.parse(path.read_bytes(), "mini")
    output = {"output_type": "display_data", "data": {"image/png": PASTED}, "metadata": {"image/png": {"alt": "it <rises>"}}}
    code = {**cell("code", "own", 'recorder.measure("b_curve", train)'), "outputs": [output], "metadata": {}}
    at = [one["id"] for one in notebook["cells"]].index("b_answer") + 1
    notebook["cells"].insert(at, code)
    write_text(path, nb.dump(notebook))
    work.submission("bob").mkdir(parents=True)
    Recorder("mini", work.submission("bob")).measure("b_curve", lambda: {"<b>loss": [5, 4, 3, 2, 1]})


@pytest.fixture
def reader(there: tuple[Course, Server]) -> Reader:
    """Somebody with the token."""
    return Reader(there[1], "Tom")


def status(url: str) -> int:
    """What a stranger gets who has no token."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return 200 if "/login" not in answer.url else 403
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_nothing_without_the_token_and_no_kernel_with_it(there: tuple[Course, Server], reader: Reader) -> None:
    """Strangers see the login; whoever is in finds pages of reading and none of Jupyter's services."""
    base = f"http://localhost:{there[1].port}"
    for path in ("/mark", f"/mark/q/{QUESTION}/next", "/mark/name"):
        assert status(base + path) == 403
    token = urllib.parse.urlsplit(there[1].url).query
    for path in ("/api/kernels", "/api/contents", "/api/terminals", "/files/..%2fapp.py", "/view/mark.js", "/api/sessions"):
        assert status(f"{base}{path}?{token}") in (400, 403, 404)
    assert "b_answer" in reader.get("")


def test_a_page_forbids_what_it_does_not_need(reader: Reader) -> None:
    """No script but ours, nothing from elsewhere, in nobody's frame, kept by no cache."""
    found = reader.next(QUESTION)
    policy = reader.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and reader.headers["Cache-Control"] == "no-store"
    assert len(found["page"].encode()) < 20_000


def test_a_choice_needs_the_page_it_was_made_on(reader: Reader) -> None:
    """Another site's form has no XSRF token and changes nothing."""
    found = reader.next(QUESTION)
    for headers in ({"X-XSRFToken": "2|made|up|1"}, {}):
        assert reader.ask(f"{found['here']}/save", b"{}", {"Content-Type": "application/json", **headers})[0] == 403


def test_every_hostile_answer_is_words(reader: Reader) -> None:
    """Nobody's script or handler is in any page, and the only scripts and styles are our files."""
    after, count = "", 0
    while found := reader.next(QUESTION, after):
        page, after = seen(found["page"]), found["name"]
        for tag, attributes in page.tags:
            assert tag not in ("iframe", "object", "embed", "svg", "base", "style", "annotation-xml")
            assert not any(name.startswith("on") or name == "style" for name in attributes)
            if tag == "script":
                assert attributes == {"src": "/static/hw_mark/mark.js", "defer": None}
            if tag == "img":
                assert re.fullmatch(r"/mark/q/mini/mini/b_answer/a/\w+/picture/0", attributes["src"] or "")
                address = f"http://localhost:{urllib.parse.urlsplit(found['here']).port}{attributes['src']}"
                assert reader.ask(address)[1].startswith(b"\x89PNG") and reader.headers["Content-Type"] == "image/png"
                assert reader.ask(address[:-1] + "1")[0] == 404  # the drawing that can hold a script was never a picture
        for part in ("work", "group"):
            assert not {"script", "iframe"} & {tag for tag, _ in seen(reader.get(f"{found['here']}/{part}")).tags}
        assert reader.post(f"{found['here']}/remark", {"kind": "skip"})[0] == 200
        count += 1
        if count > 40:
            break
    assert count > len(HOSTILE)


def test_the_work_shows_code_plots_and_records(there: tuple[Course, Server], reader: Reader) -> None:
    """Of the same part, and of nobody by name."""
    desk = Desk(there[0], [there[0].assignments["mini"]], 0.0)
    name = desk.pile(desk.questions[QUESTION]).name("bob")
    text = reader.get(f"q/{QUESTION}/a/{name}/work")
    page = seen(text)
    assert "recorder.measure" in page.words and "double" not in page.words and "bob" not in text
    assert [attributes["src"] for tag, attributes in page.tags if tag == "img"] == [f"data:image/png;base64,{PASTED}"]
    assert [attributes["alt"] for tag, attributes in page.tags if tag == "img"] == ["it <rises>"]
    assert "<b>loss" in page.words and "5, 4, 3, 2, 1" in page.words
    assert [attributes["points"] for tag, attributes in page.tags if tag == "polyline"] != []


def test_what_is_wrong_is_said(there: tuple[Course, Server], reader: Reader) -> None:
    """Questions, answers, items and points that are not there, each with a way out; nothing is written."""
    found = reader.next(QUESTION)
    here, stamp = found["here"], found["stamp"]
    for body, said in (
        ({"items": ["1", "2", "3"], "adjust": 1, "stamp": stamp}, "0 to 2"),
        ({"items": ["nine"], "stamp": stamp}, "does not have these items"),
        ({"items": "1", "stamp": stamp}, "no choice"),
        ({"items": [], "adjust": "1", "stamp": stamp}, "no choice"),
    ):
        code, answer = reader.post(f"{here}/save", body)
        assert (code, said in answer["error"]) == (400, True), answer
    assert reader.post(f"{here}/save", {"items": ["1"], "stamp": "old"})[0] == 409
    assert reader.post(f"{here}/remark", {"kind": "shout"})[0] == 400
    assert reader.post(f"{here}/reopen", {"text": " "})[0] == 400
    for path in (f"q/{QUESTION}/a/{'0' * 16}", "q/mini/mini/nothing/next"):
        code, text = reader.ask(path)
        assert code == 400 and b"go back to the questions" in text
    rows = [row for row in gradebook.dump(there[0].db, "mini") if row["cell"] == "b_answer"]
    assert all(row["manual_score"] is None for row in rows)


def test_a_gradebook_that_goes_away_is_said_and_comes_back(there: tuple[Course, Server], reader: Reader) -> None:
    """A choice that could not be saved gets no tick; afterwards it can."""
    found = reader.next(QUESTION)
    book = there[0].build / "gradebook.db"
    book.rename(book.with_name("away"))
    code, answer = reader.post(f"{found['here']}/save", {"items": ["1"], "stamp": found["stamp"]})
    assert code == 503 and "there is no gradebook" in answer["error"]
    book.with_name("away").rename(book)
    code, answer = reader.post(f"{found['here']}/save", {"items": ["1"], "stamp": found["stamp"]})
    assert (code, answer["points"]) == (200, 1.0)


def test_a_rubric_grows_in_the_page(there: tuple[Course, Server], reader: Reader) -> None:
    """Other weights rescore at once; what does not add up is refused; who saw an old version is told."""
    page = reader.get(f"q/{QUESTION}/rubric")
    token = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert token is not None

    def send(points: list[str], seen_version: int) -> tuple[int, str]:
        names, texts = ["1", "2", "3", "4"], ["adding", "formula", "reason", "no sentence"]
        fields = [("_xsrf", token[1]), ("seen", str(seen_version))]
        for name, value, text in zip(names, points, texts, strict=True):
            fields += [("name", name), ("points", value), ("text", text)]
        code, text = reader.ask(f"q/{QUESTION}/rubric", urllib.parse.urlencode(fields).encode())
        return code, text.decode()

    before = {row["student"]: row["manual_score"] for row in gradebook.dump(there[0].db, "mini") if row["cell"] == "b_answer"}
    done = sum(value is not None for value in before.values())
    assert f"saved; {done} answers have other points now" in send(["1.5", "0.25", "0.25", "-0.5"], 0)[1]
    after = [row["manual_score"] for row in gradebook.dump(there[0].db, "mini") if row["cell"] == "b_answer"]
    assert sorted(value for value in after if value is not None) == [1.5] * done
    assert [send(points, version)[0] for points, version in WRONG] == [400, 400, 409]


def test_requests_about_tests_stand_on_the_page_of_what_is_asked(there: tuple[Course, Server], reader: Reader) -> None:
    """With the student's name, for a test has no pile of answers without names; their words are text."""
    ask(there[0].db, Cell("mini", "mini", "a_double_test"), "ada", "why <b>not</b>?", "Tina")
    page = reader.get("aside")
    assert "mini/a_double_test of ada: why &lt;b&gt;not&lt;/b&gt;?" in page and "Tina" in page
