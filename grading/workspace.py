"""Where everything of one assignment lies in the build folder. The only file that knows; it reads and writes nothing.

build/
secret                                       what hidden inputs are drawn from; `make clean` keeps it
names.json                                   which student has which safe name, for all assignments
editions/<assignment>/<notebook>/<key>.ipynb every version that was given out; `make clean` keeps them
autograded/<student>/<assignment>/           what nbgrader's formgrader shows
<assignment>/
release/  <assignment>.zip  student_build/  graded_build/  solutions/  parity/
collect/<student>/  collect/<student>.json
restore/<student>/<notebook>.ipynb
execute/<student>.<notebook>.json
score/<student>.json
feedback/<student>/<assignment>.html  export/  similar.html  leaks.html
stats/<assignment or homework>/              the class in figures: index.html, and the same as CSV
history/<assignment>/changes/ published/     what regrades changed, and what students were told when; `make clean` keeps them
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """The paths of one assignment below the build folder."""

    build: Path
    assignment: str

    @property
    def folder(self) -> Path:
        """Everything of this assignment but what the formgrader shows."""
        return self.build / self.assignment

    # ---- for all assignments ----

    @property
    def names(self) -> Path:
        """The list of students' names."""
        return self.build / "names.json"

    @property
    def secret(self) -> Path:
        """What the inputs of hidden tests are drawn from; for nobody's eyes."""
        return self.build / "secret"

    @property
    def fonts(self) -> Path:
        """Matplotlib's list of fonts."""
        return self.build / "cache" / "matplotlib"

    @property
    def changes(self) -> Path:
        """What each regrade changed, by its moment: a CSV and the same as a record."""
        return self.build / "history" / self.assignment / "changes"

    @property
    def published(self) -> Path:
        """What students were told, by the moment when it was written."""
        return self.build / "history" / self.assignment / "published"

    def stats(self, name: str) -> Path:
        """The class in figures, of an assignment or a homework."""
        return self.build / "stats" / name

    def platform_file(self, name: str, platform: str) -> Path:
        """A platform's file of grades, filled in, of an assignment or a homework."""
        return (self.export if name == self.assignment else self.build / "export" / name) / f"{platform}.csv"

    def autograder(self, name: str) -> Path:
        """What grades an assignment or a homework on Gradescope; the secret is in it."""
        return self.platform_file(name, "gradescope-autograder").with_suffix(".zip")

    def bundle(self, homework: str) -> Path:
        """The hand-out of a homework of several assignments."""
        return self.build / f"{homework}.zip"

    # ---- what students get ----

    def editions(self, notebook: str) -> Path:
        """The versions of a notebook that were given out."""
        return self.build / "editions" / self.assignment / notebook

    def edition(self, notebook: str, key: str) -> Path:
        """One of them."""
        return self.editions(notebook) / f"{key}.ipynb"

    @property
    def release(self) -> Path:
        """The hand-out, unpacked."""
        return self.folder / "release"

    @property
    def archive(self) -> Path:
        """The hand-out as one file."""
        return self.folder / f"{self.assignment}.zip"

    @property
    def leaks(self) -> Path:
        """The staff's page of what the last release that was refused would have given away."""
        return self.folder / "leaks.html"

    @property
    def student_build(self) -> Path:
        """The folder that holds hw_lib as students have it."""
        return self.folder / "student_build"

    @property
    def graded_build(self) -> Path:
        """The same, as it is while their work is graded."""
        return self.folder / "graded_build"

    @property
    def solutions(self) -> Path:
        """Executed source notebooks and what running them left."""
        return self.folder / "solutions"

    def parity(self, notebook: str) -> Path:
        """The key of the last check that a notebook's tests give the same in both ways of running them."""
        return self.folder / "parity" / f"{notebook}.txt"

    # ---- submissions, stage by stage ----

    @property
    def collected(self) -> Path:
        """One folder and one record for each student."""
        return self.folder / "collect"

    @property
    def unfinished(self) -> Path:
        """There from the beginning of a collection to its end; afterwards only if the collection was interrupted."""
        return self.folder / "collect.unfinished"

    def submission(self, student: str) -> Path:
        """The files that a student handed in."""
        return self.collected / student

    def submission_record(self, student: str) -> Path:
        """What was collected of a student."""
        return self.collected / f"{student}.json"

    def restored(self, student: str, notebook: str) -> Path:
        """A notebook in the author's order, with the student's answers."""
        return self.folder / "restore" / student / f"{notebook}.ipynb"

    def execution(self, student: str, notebook: str) -> Path:
        """What happened when a notebook was run."""
        return self.folder / "execute" / f"{student}.{notebook}.json"

    @property
    def scorecards(self) -> Path:
        """One file for each student."""
        return self.folder / "score"

    def scorecard(self, student: str) -> Path:
        """A student's marks."""
        return self.scorecards / f"{student}.json"

    def kept(self, student: str) -> Path:
        """What a student's last grading was made of, and what it left."""
        return self.folder / "kept" / f"{student}.json"

    # ---- what people read ----

    @property
    def formgraders(self) -> Path:
        """What the formgrader shows, of all assignments."""
        return self.build / "autograded"

    def formgrader(self, student: str, notebook: str) -> Path:
        """Where nbgrader's formgrader looks for an executed notebook."""
        return self.formgraders / student / self.assignment / f"{notebook}.ipynb"

    @property
    def feedback(self) -> Path:
        """One folder for each student."""
        return self.folder / "feedback"

    def feedback_page(self, student: str) -> Path:
        """A student's page."""
        return self.feedback / student / f"{self.assignment}.html"

    @property
    def feedback_index(self) -> Path:
        """The staff's list of pages."""
        return self.feedback / "index.html"

    @property
    def similar(self) -> Path:
        """The staff's page of what is alike in the class."""
        return self.folder / "similar.html"

    @property
    def export(self) -> Path:
        """Grades as CSV."""
        return self.folder / "export"
