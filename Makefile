# Two commands matter: `make run` and `make test`. Both set up what they need, and do nothing twice.
.POSIX:
.DELETE_ON_ERROR:
.PHONY: run test lint browser messages clean

PORT ?= 8000
export PORT
PYTHON ?= $$(for p in python3.13 python3.12 python3.11 python3; do command -v $$p && break; done)
PY = .venv/bin/python

run: .venv/run.stamp
	@exec $(PY) manage.py serve

test: .venv/test.stamp browser lint
	@$(PY) -m pytest -n auto

lint: .venv/test.stamp
	@$(PY) -m ruff check .
	@$(PY) -m mypy .
	@$(PY) manage.py makemigrations --check --dry-run >/dev/null || { echo "A model changed without its migration: run manage.py makemigrations." >&2; exit 1; }

browser: .venv/test.stamp
	@$(PY) -m tests.chromium

messages: .venv/test.stamp
	@$(PY) manage.py makemessages -l fr --no-obsolete -i .venv -i var -i tests && $(PY) manage.py compilemessages -l fr -i .venv

.venv/bin/python:
	@py="$(PYTHON)"; [ -n "$$py" ] || { echo "Python 3.11 or newer is needed; none was found." >&2; exit 1; }; \
	$$py -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $$py is older. Name one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	$$py -m venv .venv || { rm -rf .venv; echo "$$py cannot make a virtual environment; on Debian and Ubuntu install the package python3-venv." >&2; exit 1; }

.venv/run.stamp: requirements.txt .venv/bin/python
	@echo "Installing what runs the tracker ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test.stamp: requirements.txt requirements-dev.txt .venv/bin/python
	@echo "Installing what tests the tracker ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/run.stamp

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
