"""The page a student gets: complete, kind, self-contained, and never a door for somebody's HTML."""

from __future__ import annotations

import inspect
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader import apihandlers

from grading import cli, display, shown
from grading.course import Course, CourseError, load
from grading.marks import Scorecard, Verdict
from grading.pages import feedback, report, texts
from grading.pages.answers import Answer
from grading.pages.asked import Asked, Help, HelpError, asked
from grading.pages.class_list import class_list
from grading.pages.page import Setting
from grading.workspace import Workspace
from tests.grading import test_shown
from tests.grading.conftest import PERFECT, HandIn
from tests.grading.scorecards import ASSIGNMENT, HOSTILE, SCALING, card, the_class

SETTING = Setting(ASSIGNMENT.title)


class Page(HTMLParser):
    """The tags, attributes and visible text of a page."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._text: list[str] = []
        self._in_style = False
        self.feed(html)
        self.text = " ".join(" ".join(self._text).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        """Note that a style sheet ends."""
        self._in_style = False

    def handle_data(self, data: str) -> None:
        """Note visible text."""
        if not self._in_style:
            self._text.append(data)


def page(student: str) -> Page:
    """One student's page."""
    return Page(feedback.render(the_class()[student], SETTING))


def test_what_a_perfect_student_reads() -> None:
    """All points, the bonus apart, what waits for a person, and a kind sentence."""
    text = page("perfect").text
    assert "Understanding Dropout" in text and "Feedback for perfect" in text
    assert "24 of 27 points so far" in text and "Automatic checks 17 17" in text
    assert (
        "Optional parts, on top 7 11 4 points to be read" in text
        and "Answers that a person reads 0 10 10 points to be read" in text
    )
    assert "Together 24 27" in text
    assert "Well done" in text and "not correct" not in text.replace("✗ not correct yet ·", "")


def test_what_a_misconception_looks_like() -> None:
    """What was wrong, expected, got, and the sentence that helps; the staff's own line is not shown."""
    text = page("forgot_scaling").text
    for key in ("what", "expected", "got", "fix"):
        assert SCALING[key] in text
    assert SCALING["reason"] not in text
    assert "9 of 11 automatic checks are right" in text
    assert "Nicely seen: four levels." in text and "2.5 of 3 points" in text
    assert "Answers that a person reads 2.5 10 7 points to be read" in text


def test_what_a_blank_submission_reads() -> None:
    """Zero is said without a scolding, and empty written answers are named."""
    text = page("blank").text
    assert "0 of 27 points" in text and "where to start" in text
    assert text.count("This answer was still empty when you handed in.") == 5  # and three in optional parts


def test_unjudged_is_not_the_students_fault() -> None:
    """A check that could not be finished says so, and shows nothing of the grader's insides."""
    text = page("unlucky").text
    assert "not your fault" in text and "could not be checked" in text
    assert "internal detail" not in text and "trusted process" not in text


def test_every_part_in_order_with_a_bar() -> None:
    """One bar with a description, a symbol and a word per part; then the parts themselves."""
    html = feedback.render(the_class()["forgot_scaling"], SETTING)
    assert [match[1] for match in re.finditer(r"<h2>Part \((.)\)", html)] == list("abcdefghi")
    labels = [value for name, value in Page(html).attributes if name == "aria-label"][1:]
    assert labels[3] == "4.5 of 8 points" and labels[0] == "2 of 4 points, 2 points to be read"
    assert html.count("<svg") == 9


@pytest.mark.parametrize("student", list(the_class()))
def test_the_page_is_self_contained_and_inert(student: str) -> None:
    """No script, no image, no link to anywhere, no event handler, whatever a student wrote."""
    html = feedback.render(the_class()[student], SETTING)
    read = Page(html)
    assert not {"script", "img", "iframe", "link", "object", "form", "base"} & set(read.tags)
    assert all(value.startswith("#part-") for name, value in read.attributes if name in ("href", "src"))
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert "url(" not in html and "@import" not in html and "http" not in html.replace("http-equiv", "")


def test_hostile_text_is_shown_as_text() -> None:
    """HTML in a message or a name appears as it was typed, without its control characters."""
    read = page("<b>bobby</b>")
    assert "Feedback for <b>bobby</b>" in read.text
    assert read.text.count("<script>alert(1)</script>") == 5
    for char in "\x1b\x00\u202e":
        assert char not in read.text


def test_long_messages_are_cut() -> None:
    """A page stays small and says how much is missing."""
    html = feedback.render(the_class()["Zoë Ångström"], SETTING)
    assert len(html) < 45_000
    assert "(288 more lines)" in html and "more characters)" in html


def test_an_empty_explanation_gets_a_sentence() -> None:
    """A failed check without any explanation still says something."""
    one = card("x", {"a_weights": {"verdict": Verdict.FAILED, "points": 0.0, "reason": "assert hidden_secret == 3"}})
    text = Page(feedback.render(one, SETTING)).text
    assert "Your teaching assistant can say more" in text and "hidden_secret" not in text


def test_notes() -> None:
    """What the grader put right is on the page."""
    assert "1 locked cell was edited and put back." in Page(feedback.render(the_class()["Zoë Ångström"], SETTING)).text


def test_an_answer_that_changed_waits() -> None:
    """Points of a person for an answer that has changed since are shown, and that it will be read again; once, everywhere."""
    changed = card("x", {"b_same_as_a": {"points": 1.0, "again": True, "reason": "look once more"}})
    others = sum(mark.max_points for mark in changed.marks if mark.by_hand and mark.points is None)
    assert changed.totals.waiting == others + 1
    assert "1 point to be read" in Page(feedback.render(changed, SETTING)).text
    assert class_list([changed], lambda _: ()).rows[0].waiting == others + 1
    assert report.rows([changed])[0].totals.waiting == others + 1


def test_a_card_without_marks() -> None:
    """A student without any mark has a page too."""
    assert "nothing here yet" in feedback.render(Scorecard("dropout", "x", ()), SETTING)


def test_files(tmp_path: Path) -> None:
    """Pages lie in the students' folders, the list links to all of them, and writing again changes no byte."""
    cards, work = the_class(), Workspace(tmp_path, "dropout")
    paths = [feedback.write_page(one, work, SETTING) for one in cards.values() if "/" not in one.student]
    assert tmp_path / "dropout/feedback/perfect/dropout.html" in paths
    before = [path.read_bytes() for path in paths]
    assert [feedback.write_page(cards[path.parent.name], work, SETTING).read_bytes() for path in paths] == before
    gone = feedback.write_page(replace(cards["perfect"], student="gone"), work, SETTING)
    index = feedback.write_pages(cards.values(), ASSIGNMENT, work, SETTING)
    assert not gone.parent.exists()  # a page of somebody who is no longer in the class
    links = [value for name, value in Page(index.read_text()).attributes if name == "href"]
    assert "perfect/dropout.html" in links and "Zo%C3%AB%20%C3%85ngstr%C3%B6m/dropout.html" in links
    assert "<b>bobby" not in index.read_text()


def test_a_page_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    """Only what changed is written; a page that somebody spoiled is put right."""
    work = Workspace(tmp_path, "dropout")
    path = feedback.write_page(card("perfect"), work, SETTING)
    before = path.stat().st_ino, path.read_bytes()
    assert feedback.write_page(card("perfect"), work, SETTING) == path
    assert (path.stat().st_ino, path.read_bytes()) == before
    path.write_text("spoiled")
    feedback.write_page(card("perfect"), work, SETTING)
    assert path.read_bytes() == before[1]


def test_plain_text() -> None:
    """Colours, titles and control characters go; words, other scripts and line breaks stay."""
    assert display.line("\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07\r\n\tend\x9b2J") == "red link end"
    assert display.block("a\x00b\n\n  c\ud800") == "ab\n\n  c\N{REPLACEMENT CHARACTER}"
    assert display.line("می‌خواهم Ångström 李") == "می‌خواهم Ångström 李"
    assert display.line("x" * 50, chars=10) == "xxxxxxxxx…"
    assert [display.number(value) for value in (3.0, 2.5, 1 / 3, -0.0, 10, 0.004)] == ["3", "2.5", "0.33", "0", "10", "0"]
    assert display.line(HOSTILE) != HOSTILE


def test_an_empty_answer_was_read_by_nobody() -> None:
    """A written answer that was left empty has its zero and says why; a person's words or points make it a read one."""
    empty = {"points": 0.0, "answered": False}
    changes = {"a_expression": empty, "b_same_as_a": {**empty, "comment": "See me."}, "d_curve": {**empty, "points": 1.0}}
    read = Page(feedback.render(card("x", changes), SETTING)).text
    assert read.count("This answer was still empty when you handed in.") == 1
    assert read.count("✗ not answered") == 1 + 1 and read.count("✎ read by a person") == 2 + 1  # and in the legend
    assert "See me." in read and "Answers that a person reads 1 10 4 points to be read" in read


def test_a_part_of_empty_answers_only() -> None:
    """Such a part does not claim that somebody read it."""
    full = card("x", {"a_expression": {"points": 0.0, "answered": False}})
    by_hand = replace(full, marks=tuple(mark for mark in full.marks if mark.by_hand or mark.part != "a"))
    html = feedback.render(by_hand, SETTING)
    assert Page(html).text.count("✗ not answered") == 4  # in the list of parts, above the part, at the answer, in the legend
    assert "read by a person" not in Page(html).text.replace("✎ read by a person ·", "")


def test_a_notebook_that_could_not_be_opened_is_said_first() -> None:
    """In red, before the points, with what to do and until when; the grader's own fault is nowhere claimed."""
    closed = replace(the_class()["blank"], unopened={"q_coding_dropout": "not JSON: line 3"})
    text = Page(feedback.render(closed, replace(SETTING, again_by="Friday, 12:00"))).text
    first = text.index("q_coding_dropout.ipynb could not be opened")
    assert first < text.index("Hand it in again by Friday, 12:00.") < text.index("0 of 27 points")
    assert "What the grader saw: not JSON: line 3" in text and "the check itself" not in text
    assert "teaching assistant says until when" in Page(feedback.render(closed, SETTING)).text
    assert "was not handed in" in Page(feedback.render(replace(closed, unopened={}, absent=("q_coding_dropout",)), SETTING)).text


def test_an_optional_part_that_was_left_out_is_grey() -> None:
    """It is not called wrong, nothing is asked about it, and it does not spoil "everything is right"."""
    left = {"verdict": Verdict.FAILED, "points": 0.0, "answered": False, "what": "cell h_adam has no answer yet"}
    one = card("x", {"h_adam": left, "h_compare": {"points": 0.0, "answered": False}})
    html = feedback.render(one, SETTING)
    part = html.partition('id="part-8"')[2].partition("</details>")[0]
    assert 'class="card part none" id="part-8">' in html, "grey, and folded"
    assert "not correct yet" not in part and "no answer yet" not in part and part.count("optional, left out") == 3
    assert "Well done" in html
    tried = Page(feedback.render(card("x", {"h_adam": {**left, "answered": True}}), SETTING)).text
    assert "cell h_adam has no answer yet" in tried and "10 of 11 automatic checks" in tried


def test_right_parts_are_folded_and_others_open() -> None:
    """A part without anything to read stays shut; a loss, a comment or a grader's fault opens it."""
    html = feedback.render(the_class()["forgot_scaling"], SETTING)
    opened = re.findall(r'id="part-(\d)" open', html)
    assert opened == ["4", "7"]  # (d) and (g) lost points, and (d) has a comment
    assert re.findall(r'id="part-(\d)" open', feedback.render(the_class()["unlucky"], SETTING)) == ["4"]
    assert " open" not in "".join(re.findall("<details[^>]*>", feedback.render(the_class()["perfect"], SETTING)))


def test_help_comes_in_levels() -> None:
    """What is wrong is open; what to look at, and a case worked out, are folded below it; what is right needs neither."""
    helps = {name: Help("Count the survivors.", "x = (1, 2)") for name in ("d_dropout_train", "d_dropout_test")}
    html = feedback.render(the_class()["forgot_scaling"], replace(SETTING, asked=Asked(helps=helps)))
    first, last = "<summary>What to look at", "<summary>A small case"
    places = [html.index(text) for text in (SCALING["what"], first, "Inverted scaling is missing", "Count the survivors.", last)]
    assert places == sorted(places) and html.count("Count the survivors.") == 1


def test_headings_say_what_was_asked() -> None:
    """The notebook's own headings and the first lines of its tests, in place of grade ids."""
    names = Asked({"d": "Dropout, gradient descent"}, {"d_dropout_train": "the module Dropout", "d_curve": "Describe"})
    text = Page(feedback.render(the_class()["forgot_scaling"], replace(SETTING, asked=names))).text
    assert "(d) Dropout, gradient descent" in text and "the module Dropout ✗" in text and "dropout train" not in text
    assert "Your written answer: Describe ✎" in text and "Your written answer ✎" in text


def test_the_students_words_stand_beside_the_comment() -> None:
    """An answer is set as in its notebook, cut to a size: formulas are drawn, pasted pictures stand in the page."""
    picture = {"p.png": ("image/png", "iVBORw0KGgo=\n")}
    text = (
        "It **jumps** by $x^2$:\n<b>bold</b>\n\n![a curve](attachment:p.png) ![b](attachment:q.png) ![c](https://x.example/c.png)"
    )
    written = {"d_curve": Answer(text, picture), "f_why": Answer("long " * 9000)}
    html = feedback.render(the_class()["forgot_scaling"], SETTING, written)
    assert "You wrote It jumps by x 2 : <b>bold</b>" in Page(html).text and "Comment Nicely seen: four levels." in Page(html).text
    assert "<strong>jumps</strong>" in html and "<msup>" in html and "<b>bold</b>" not in html and "more characters)" in html
    assert re.findall("<img[^>]*>", html) == ['<img src="data:image/png;base64,iVBORw0KGgo=" alt="a curve">']
    assert "(picture not shown here: attachment:q.png)" in html and "(picture not shown here: https://x.example/c.png)" in html
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:\"" in html, "and no script"


@pytest.mark.parametrize("code", [False, True])
def test_hostile_answers_do_nothing_on_their_own_page(code: bool) -> None:
    """No element that is not ours or on the list, no handler, no address but the pasted picture's; code is shown as typed."""
    picture = {"there.png": ("image/png", "iVBORw0KGgo=")}
    graded = the_class()["forgot_scaling"]
    plain = test_shown.seen(feedback.render(graded, SETTING, {}))
    ours = {tag for tag, _ in plain.tags}
    for text in test_shown.HOSTILE:
        written = {"d_curve": Answer(text, picture, code)}
        page = test_shown.seen(feedback.render(graded, SETTING, written))
        for tag, attributes in page.tags:
            assert tag in ours | shown.ALLOWED and tag != "script"
            assert not any(name.startswith("on") or name in ("srcdoc", "action") for name in attributes)
            assert (attributes.get("href") or "#").startswith(("#", "https://", "http://"))
            assert (attributes.get("src") or "data:image/png;base64,iVBORw0KGgo=") == "data:image/png;base64,iVBORw0KGgo="
        if code:
            assert display.block(text).split("\n")[0] in page.words
        assert sum("style" in attributes for _, attributes in page.tags) == sum(
            "style" in attributes for _, attributes in plain.tags
        )


def test_another_language() -> None:
    """Every language has every sentence, with the same values in it, and the page says which it is."""
    first = texts.texts("en")
    for name in texts.languages():
        other = texts._read(name)
        assert set(other) == set(first._said), name
        fields = {key: set(re.findall(r"{(\w+)}", said)) for key, said in other.items()}
        assert fields == {key: set(re.findall(r"{(\w+)}", said)) for key, said in first._said.items()}, name
    html = feedback.render(the_class()["perfect"], replace(SETTING, texts=texts.texts("de")))
    assert '<html lang="de">' in html and "24</b> <span>von 27 Punkten" in html and "Sehr gut!" in html and "Well done" not in html
    with pytest.raises(CourseError, match="did you mean 'de'"):
        texts.texts("dee")


def test_the_authors_headings_and_help(course: Course) -> None:
    """They are read out of the notebook and the file beside it; help with a cell that is not there is refused."""
    mini = course.assignments["mini"]
    names = asked(course, mini)
    assert set(names.parts) == {"a", "b", "c"} and names.helps == {}
    path = course.source(mini, "mini").with_suffix(".help.md")
    path.write_text("## a_double_test\n\nLook.\n\n### A small case\n\n2 + 2 = 4\n", encoding="utf-8")
    assert asked(course, mini).helps == {"a_double_test": Help("Look.", "2 + 2 = 4")}
    path.write_text("## a_doubel_test\n\nLook.\n", encoding="utf-8")
    with pytest.raises(HelpError, match="a_doubel_test"):
        asked(course, mini)


@pytest.mark.parametrize("name", ["dropout", "bn_drop_cnn", "written_hw5", "edge_detection", "gpu_memory", "written"])
def test_every_check_of_the_course_has_a_name(name: str) -> None:
    """No page of the real course shows a grade id."""
    real = load(Path(__file__).parents[3])
    names = asked(real, real.assignments[name])
    assert all(names.parts.values())
    assert [cell for cell, title in names.cells.items() if cell.endswith("_test") and not title] == []


@pytest.mark.parametrize("student", list(the_class()))
def test_headings_go_down_one_level_at_a_time(student: str) -> None:
    """Who jumps from heading to heading finds the page in order: one title, parts below it, checks below those."""
    levels = [int(tag[1]) for tag in page(student).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def _luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_have_enough_contrast() -> None:
    """Every colour of text stands out from what is behind it by 4.5 to 1, by day and by night."""
    style = (Path(feedback.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    light, dark, *_ = (dict(re.findall(r"--(\w[\w-]*): (#\w{6})", block)) for block in style.split(":root {")[1:])
    pairs = [(ink, back) for ink in ("ink", "soft", "ok", "part", "bad", "ask", "hand") for back in ("page", "card")]
    for colours in (light, dark):
        for ink, back in [*pairs, ("ink", "tip"), ("tip-line", "tip"), ("ink", "code")]:
            low, high = sorted((_luminance(colours[ink]), _luminance(colours[back])))
            assert (high + 0.05) / (low + 0.05) >= 4.495, (ink, back)


class Formgrader:
    """As much of the formgrader's request handlers as their own code for storing a grade needs."""

    def __init__(self, book: Gradebook, body: dict[str, Any]) -> None:
        """A request with this body."""
        self.gradebook, self._body = book, body

    def get_json_body(self) -> dict[str, Any]:
        """What the page sent."""
        return self._body

    def write(self, text: str) -> None:
        """The answer to the page."""
        assert json.loads(text)["name"] == "b_answer"

    @classmethod
    def put(cls, url: str, points: str, comment: str) -> None:
        """What the page does when somebody types points and a comment and goes on; points arrive as text."""
        with Gradebook(url) as book:
            grade, said = (find("b_answer", "mini", "mini", "ada") for find in (book.find_grade, book.find_comment))
            inspect.unwrap(apihandlers.GradeHandler.put)(cls(book, {"manual_score": points, "extra_credit": None}), grade.id)
            inspect.unwrap(apihandlers.CommentHandler.put)(cls(book, {"manual_comment": comment}), said.id)


@pytest.mark.kernel
def test_what_was_given_in_the_formgrader_reaches_the_student(
    course: Course, hand_in: HandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    """Points and a comment of the formgrader's stand on the page and in the report; another grading keeps them."""

    def hw(*arguments: str) -> str:
        assert cli.main(["--course", str(course.root / "course.toml"), *arguments]) == 0
        return " ".join(capsys.readouterr().out.split())  # the terminal may be narrow

    hw("release", "mini")
    hw("collect", "mini", str(hand_in("ada", PERFECT)))
    hw("grade", "mini")
    assert "1 points wait for a reader" in hw("report", "mini") and "given by hand" not in hw("report", "mini")
    Formgrader.put(course.db, "0.5", "Nearly: say <b>why</b>.")
    for _ in range(2):
        hw("feedback", "mini")
        text = Page((course.build / "mini" / "feedback" / "ada" / "mini.html").read_text()).text
        assert "Nearly: say <b>why</b>." in text and "Answers that a person reads 0.5 1" in text
        assert "0.5 of 1 points given by hand, 0 points wait for a reader" in hw("report", "mini")
        hw("grade", "mini")
