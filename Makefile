# Two commands matter: `make run` and `make test`. Both set up what they need, and do nothing twice.
.DELETE_ON_ERROR:
.PHONY: run test lint fuzz browser messages clean

PY = .venv/bin/python
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --no-input

run: .venv/run.stamp
	@exec $(PY) manage.py serve

test: .venv/test.stamp
	@$(PY) -m tests.chromium
	@$(MAKE) --no-print-directory lint
	@$(PY) -m pytest -n auto --maxprocesses 8 --dist worksteal

lint: .venv/test.stamp
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { echo "Run: $(PY) -m ruff format ." >&2; exit 1; }
	@$(PY) -m mypy --no-error-summary .
	@$(PY) -m djlint --quiet --lint templates
	@$(PY) manage.py makemigrations --check --dry-run >/dev/null || { echo "If a model has changed, its migration is missing: $(PY) manage.py makemigrations" >&2; exit 1; }

# The served schema against the answers, with far more random cases than a test run has; says how many there were.
fuzz: .venv/test.stamp
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} $(PY) -m pytest tests/api/test_schema.py -q -s -n 0

browser: .venv/test.stamp
	@$(PY) -m tests.chromium

messages: .venv/test.stamp
	@$(PY) manage.py makemessages -l fr --no-obsolete --no-location --no-wrap -i .venv -i var -i tests && $(PY) manage.py compilemessages -l fr -i .venv

# The first Python that is new enough, and no newer than what the requirements are built for, and that can make
# virtual environments. Each is started, not only looked for: some are there in name only.
.venv/bin/python:
	@if [ -n "$(PYTHON)" ]; then set -- "$(PYTHON)"; else set -- python3 python3.13 python3.12 python3.11 python3.14; fi; \
	found=; \
	for python in "$$@"; do \
		"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || continue; \
		found="$$python"; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
		exec "$$python" -m venv --clear .venv; \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found cannot make virtual environments. On Debian and Ubuntu install its package: apt-get install python3-venv" >&2; \
	else \
		echo "Python 3.11 to 3.14 is needed; tried: $$*. Name one with: make run PYTHON=/path/to/python3.13" >&2; \
	fi; \
	exit 1

.venv/run.stamp: requirements.txt constraints.txt .venv/bin/python
	@echo "Installing what runs the tracker ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/test.stamp: requirements.txt requirements-dev.txt constraints.txt .venv/bin/python
	@echo "Installing what tests the tracker ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ .venv/run.stamp

# Data under var/ stays.
clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov test-results
