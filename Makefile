# Everything a newcomer types. `make` grades the sample class; `make test` runs the tests. Both install what they need.
#
#   PIP_ARGS   passed to pip, for example to take torch's CPU build from its own index (docs/instructors.md)

.DEFAULT_GOAL := class
SHELL := /bin/bash
PYTHON ?= python3
PIP_ARGS ?=
A ?= dropout
HW := .venv/bin/hw
# macOS has nothing like bubblewrap: the sample class, which is ours, is graded bare there, and hw says so
GRADE := $(if $(filter Darwin,$(shell uname)),--no-sandbox,)
ROOT := $(if $(filter 0,$(shell id -u)),--allow-root,)
# two threads on a busy two-core machine are slower than one
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: class test check format lint types release solutions lab formgrader bench fleet-demo soak sandbox postgresql install clean clean-all help

class: install sandbox ## build the release, grade the sample class, show the table
	@$(HW) release $(A)
	@.venv/bin/python -m tests.submissions.classes $(A)
	@$(HW) collect $(A)
	@$(HW) grade $(A) $(GRADE)
	@$(HW) feedback $(A)
	@$(HW) export $(A)
	@$(HW) report $(A)

test: install sandbox ## the whole test suite, two files at a time (tests/conftest.py)
	.venv/bin/python -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

check: install sandbox postgresql lint types test ## what CI runs

lint: install
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

types: install
	.venv/bin/mypy

format: install ## put every file into canonical form
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

release: install ## what students get
	@$(HW) release $(A)

solutions: install ## executed solution notebooks, and the same as web pages
	@$(HW) solutions $(A)

lab: release ## JupyterLab on a copy of the student release
	@mkdir -p build/lab && cp -n build/$(A)/release/* build/lab/ || true
	PYTHONPATH=$(CURDIR)/build/$(A)/student_build .venv/bin/jupyter lab $(ROOT) --notebook-dir=build/lab

formgrader: install ## nbgrader's formgrader, for the written answers
	.venv/bin/jupyter lab $(ROOT) --ServerApp.default_url=/formgrader/gradebook

bench: install ## gradient checks, and the layers beside PyTorch (twice where the processor has AVX-512 kernels)
	.venv/bin/python -m benchmarks.gradient_check
	.venv/bin/python -m benchmarks.layers
	@if command -v cc >/dev/null; then .venv/bin/python -m benchmarks.cython_im2col; else echo "no C compiler: the Cython opponent is left out"; fi
	@if grep -q avx512f /proc/cpuinfo 2>/dev/null; then OPENBLAS_CORETYPE=SkylakeX .venv/bin/python -m benchmarks.layers; fi

fleet-demo: install sandbox ## a cluster of three workers on this machine; one is killed, and all submissions come back
	.venv/bin/python -m benchmarks.fleet_demo

soak: install sandbox ## a thousand submissions: throughput, memory, what is left behind (hours; SOAK=--n=100 for less)
	.venv/bin/python -m benchmarks.soak $(SOAK)

install: .venv/installed

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "installing into .venv (a few minutes the first time: torch is large)"
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -e '.[dev]'
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

# hand grades and the names that students were given are nobody's to make again
clean: ## remove what is generated; .venv, the gradebook and build/names.json stay
	@if [ -d build ]; then find build -mindepth 1 -maxdepth 1 ! -name 'gradebook.db*' ! -name names.json -exec rm -rf {} +; fi
	@for kept in build/gradebook.db build/names.json; do \
	  if [ -e $$kept ]; then echo "kept       $$kept  (make clean-all removes it, and every hand grade with it)"; fi; \
	done

clean-all: ## the same, and the gradebook with every hand grade
	rm -rf build

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14
