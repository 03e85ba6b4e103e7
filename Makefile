# All targets share one environment, made from pinned versions. PINS= makes it without pins.
PYTHON ?= python3
PINS ?= -c constraints.txt
BIN := .venv/bin
READY := .venv/ready

# One BLAS thread: two of them on a small machine are slower and make timings jump.
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
# A machine may forbid writing bytecode; then every kernel would compile its imports again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help env demo lab formgrader build verify lint unit nbval security answers instructor course browser test bench peers pins clean

help:
	@echo "make demo        grade a sample class, write its feedback and report"
	@echo "make lab         open the course as a student sees it"
	@echo "make test        run every test, the fast ones first"
	@echo "make formgrader  open nbgrader's formgrader (COURSE_WORK=build/demo for the sample class)"
	@echo "make build       bring notebooks/ and solutions/executed/ up to date"
	@echo "make verify      prove that texts, notebooks and packages agree"
	@echo "make bench       measure speed against peers, into docs/benchmarks.md (make peers first)"

env: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than 3.11. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PINS) -e '.[instructor,dev]'
	$(BIN)/python -m compileall -q .venv/lib course_utils >/dev/null || true
	@touch $@

demo: $(READY)
	$(BIN)/course demo

lab: $(READY)
	$(BIN)/course lab

formgrader: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter lab --ip=127.0.0.1 --LabApp.default_url=/formgrader

build: $(READY)
	$(BIN)/course build

verify: $(READY)
	$(BIN)/course verify

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# What takes ten seconds and more is a step of its own, so that the unit tests stay quick.
ANSWERS := tests/diagnosis/test_learners.py tests/diagnosis/test_written.py \
  tests/diagnosis/test_held_out.py tests/course/test_variants.py

unit: $(READY)
	$(BIN)/python -m pytest course_utils tests $(addprefix --ignore ,$(ANSWERS) \
	  tests/instructor tests/course tests/security tests/browser)

answers: $(READY)
	$(BIN)/python -m pytest $(ANSWERS)

instructor: $(READY)
	$(BIN)/python -m pytest tests/instructor

# Pictures are left out of the comparison; everything else that a cell shows is compared.
nbval: $(READY)
	$(BIN)/python -m pytest -p no:cacheprovider --nbval solutions/executed \
	  --nbval-sanitize-with tests/nbval.cfg --override-ini addopts= --override-ini filterwarnings=
	$(BIN)/python -m pytest -p no:cacheprovider --nbval-lax notebooks \
	  --override-ini addopts= --override-ini filterwarnings=

course: $(READY)
	$(BIN)/python -m pytest tests/course --ignore tests/course/test_variants.py

security: $(READY)
	$(BIN)/python -m pytest tests/security

browser: $(READY)
	$(BIN)/python -m pytest tests/browser

# The longest take one processor each for most of their time, so two of them run side by side.
test: lint unit
	$(MAKE) -j2 nbval verify
	$(MAKE) security
	$(MAKE) -j2 browser course answers instructor

bench: $(READY)
	$(BIN)/python -m tests.benchmarks

peers: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PINS) -e '.[bench]'

pins: $(READY)
	$(MAKE) PINS= -B $(READY)
	{ sed -n '/^#/p' constraints.txt; $(BIN)/pip freeze --all --exclude pip --exclude-editable; } \
	  > build/pins && mv build/pins constraints.txt

clean:
	rm -rf build dist .venv
