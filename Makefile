# Everything a newcomer types. `make` grades the sample class, `make help` lists the rest. All of it installs what it needs: the
# versions of requirements/, checked by their hashes.
#
#   A          the assignment or homework (dropout)
#   PYTHON     makes .venv (python3)
#   PIP_ARGS   passed to pip, to take torch from another index, for example its CPU build (docs/instructors.md)

.DEFAULT_GOAL := class
SHELL := /bin/bash
PYTHON ?= python3
export PYTHON PIP_ARGS
A ?= dropout
HW := .venv/bin/hw
# what `make fast` runs; one folder alone: make fast FAST=tests/grading
FAST ?= tests/hw_lib tests/grading $(filter-out tests/test_conftest.py,$(wildcard tests/test_*.py))
PYTEST := .venv/bin/python -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder
# macOS has nothing like bubblewrap: the sample class, which is ours, is graded bare there, and hw says so
GRADE := $(if $(filter Darwin,$(shell uname)),--no-sandbox,)
ROOT := $(if $(filter 0,$(shell id -u)),--allow-root,)
# two threads on a busy two-core machine are slower than one
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: class hello help install install-dev sandbox postgresql release solutions lab mark formgrader clean clean-all
.PHONY: browser test test-long fast check lint types format lock upgrade bench fleet-demo soak

##@ First steps

class: hello install sandbox ## what a plain `make` does: release A, grade its sample class, show the table
	@$(HW) release $(A)
	@set -o pipefail; .venv/bin/python -m tests.submissions.classes $(A) | while read -r name folder; do $(HW) collect $$name $$folder || exit; done
	@$(HW) grade $(A) $(GRADE)
	@$(HW) feedback $(A)
	@$(HW) export $(A)
	@$(HW) report $(A)
	@echo "  make help          everything else"

hello:
	@echo "make: releases $(A), grades its sample class in a sandbox and shows the table. make help lists everything else."

help: ## this list
	@awk -F ':.*## ' '/^##@ /{printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "A=written after any of them means that assignment or homework of course.toml; without it, dropout is meant."
	@echo "Next: make, then README.md, which says where students, TAs and instructors go on."

##@ Instructors

release: install ## build/A/A.zip, what students get; refused if it gives an answer away
	@$(HW) release $(A)

solutions: install ## executed solution notebooks, and the same as web pages
	@$(HW) solutions $(A)

# a copy that nobody changed is renewed; beside one that was changed, in JupyterLab or by hand, a new release gets a name of its own
lab: release ## JupyterLab on a copy of the student release; what you changed there is kept
	@test -d build/$(A)/release || { echo "make lab shows one assignment at a time, for example: make lab A=dropout"; exit 1; }
	@mkdir -p build/lab/.released
	@set -e; cd build/lab; for new in ../$(A)/release/*; do \
	  name=$${new##*/}; released=.released/$$name; \
	  if [ -d "$$new" ]; then cp -R "$$new" .; continue; fi; \
	  if [ ! -e "$$name" ] || cmp -s "$$name" "$$released"; then cp "$$new" "$$name"; \
	  elif ! cmp -s "$$new" "$$name" && ! cmp -s "$$new" "$$released"; then \
	    n=2; while [ -e "$${name%.*}-$$n.$${name##*.}" ]; do n=$$((n + 1)); done; \
	    cp "$$new" "$${name%.*}-$$n.$${name##*.}"; \
	    echo "kept       build/lab/$$name, which was changed; the new release is $${name%.*}-$$n.$${name##*.} beside it"; \
	  fi; \
	  cp "$$new" "$$released"; \
	done
	PYTHONPATH=$(CURDIR)/build/$(A)/student_build .venv/bin/jupyter lab $(ROOT) --notebook-dir=build/lab

##@ TAs (grading a class: docs/tas.md)

mark: install ## read the written answers of A in a browser, question by question; everything goes into the gradebook
	@$(HW) mark $(A)

formgrader: install ## nbgrader's formgrader, on the same gradebook
	.venv/bin/jupyter lab $(ROOT) --ServerApp.default_url=/formgrader/gradebook

# hand grades, the secret that hidden inputs are drawn from, the names that students were given, what was handed out, what students were told and notebooks that somebody worked on are nobody's to make again
clean: ## remove what is generated; .venv, the gradebook, build/secret, build/names.json, build/editions, build/history and build/lab stay
	@if [ -d build ]; then find build -mindepth 1 -maxdepth 1 ! -name 'gradebook.db*' ! -name secret ! -name names.json ! -name editions ! -name history ! -name lab -exec rm -rf {} +; fi
	@for kept in build/gradebook.db build/secret build/names.json build/editions build/history build/lab; do \
	  if [ -e $$kept ]; then echo "kept       $$kept  (make clean-all removes it, and every hand grade with it)"; fi; \
	done

clean-all: ## the same, and the gradebook with every hand grade
	rm -rf build

##@ Developers (CONTRIBUTING.md)

fast: install-dev ## the tests that are quick; those of one folder: FAST=tests/grading
	$(PYTEST) -m "not slow and not kernel and not long" $(FAST)

test: install-dev sandbox ## the test suite, two files at a time (tests/conftest.py)
	$(PYTEST) -m "not long"

test-long: install-dev sandbox ## the long tests, which `make test` leaves out
	$(PYTEST) -m long

check: install-dev sandbox postgresql browser lint types test ## what CI runs

lint: install-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

types: install-dev
	.venv/bin/mypy

format: install-dev ## put every file into canonical form
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

lock: install ## after a change of dependencies in pyproject.toml: lock what is new, keep the other versions
	@requirements/lock.sh

upgrade: install ## lock the newest versions, then run everything
	@requirements/lock.sh --upgrade
	@$(MAKE) check

bench: install-dev ## gradient checks, the layers beside PyTorch (twice where the processor has AVX-512 kernels), reading beside the formgrader
	.venv/bin/python -m benchmarks.gradient_check
	.venv/bin/python -m benchmarks.layers
	@if command -v cc >/dev/null; then .venv/bin/python -m benchmarks.cython_im2col; else echo "no C compiler: the Cython opponent is left out"; fi
	@if grep -q avx512f /proc/cpuinfo 2>/dev/null; then OPENBLAS_CORETYPE=SkylakeX .venv/bin/python -m benchmarks.layers; fi
	.venv/bin/python -m benchmarks.mark

fleet-demo: install-dev sandbox ## a cluster of three workers on this machine; one is killed, and all submissions come back
	.venv/bin/python -m benchmarks.fleet_demo

soak: install-dev sandbox ## a thousand submissions: throughput, memory, what is left behind (hours; SOAK=--n=100 for less)
	.venv/bin/python -m benchmarks.soak $(SOAK)

# ---- what the targets above need; all of it is made when it is needed ----

# staff's packages are enough to release and grade; the developers' come on top, Dask and PostgreSQL's driver among them
install: .venv/staff-installed
install-dev: .venv/dev-installed
.venv/dev-installed: .venv/staff-installed

.venv/%-installed: pyproject.toml requirements/%.txt requirements/install.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "installing requirements/$*.txt into .venv (the first time a minute or more: torch is large)"
	@requirements/install.sh $*
	@touch $@

# bubblewrap isolates submissions; it is a system package, so only root can install it
sandbox:
	@if [ "$$(uname)" = Linux ] && ! command -v bwrap >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing bubblewrap, the sandbox"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq bubblewrap; } >/dev/null 2>&1 \
	      || { echo "bubblewrap could not be installed; try: apt-get install bubblewrap"; exit 1; }; \
	  else \
	    echo "bubblewrap, the sandbox, is missing. Install it and run make again:"; \
	    echo "  sudo apt-get install bubblewrap      (Debian, Ubuntu)"; \
	    echo "  sudo dnf install bubblewrap          (Fedora)"; \
	    exit 1; \
	  fi; \
	fi

# only a test needs PostgreSQL, and it is skipped without it; nothing of the system's own server is used or changed
postgresql:
	@if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing PostgreSQL, for a test"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null 2>&1 \
	      || echo "PostgreSQL could not be installed: its test is skipped"; \
	  else \
	    echo "PostgreSQL is not installed: its test is skipped (Debian, Ubuntu: sudo apt-get install postgresql)"; \
	  fi; \
	fi

# only a test needs Chromium, and it is skipped without it
browser:
	@if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing Chromium, for a test"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 \
	      || echo "Chromium could not be installed: its test is skipped"; \
	  else \
	    echo "Chromium is not installed: its test is skipped (Debian: sudo apt-get install chromium)"; \
	  fi; \
	fi
