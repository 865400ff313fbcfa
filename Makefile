# make run · make test · make check · make bench: each installs what it needs first.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
INSTALLED := $(VENV)/.installed
INSTALLED_FOR_TESTS := $(VENV)/.installed-for-tests

.PHONY: run test check bench clean

run: $(INSTALLED)
	@$(BIN)/huiyin demo --port $(PORT)

test: $(INSTALLED_FOR_TESTS)
	@$(BIN)/pytest -n auto --cov --cov-report=term

check: $(INSTALLED_FOR_TESTS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED_FOR_TESTS)
	$(BIN)/python -m tests.bench

clean:
	rm -rf $(VENV) build *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Huiyin needs Python 3.11 or newer; name one: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "Installing into $(VENV); this takes a minute or two, once."
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	@$(INSTALL) --editable .
	@touch $@

$(INSTALLED_FOR_TESTS): pyproject.toml constraints.txt | $(BIN)/python
	@$(INSTALL) --editable '.[test]'
	@touch $(INSTALLED) $@
