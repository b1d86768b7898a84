# The fixed commands. Each makes what it needs; nothing is installed outside this folder.
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# A pip that is there already installs for us; making one of our own takes seconds.
HAS_PIP = $(PYTHON) -m pip --python $(PYTHON) --version > /dev/null 2>&1
PIP = $(shell test -x $(BIN)/pip && echo $(BIN)/pip || echo $(PYTHON) -m pip --python $(BIN)/python)

.PHONY: run test check bench format clean

run: $(VENV)/.run
	@exec $(BIN)/crm run

test: $(VENV)/.test
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.check
	@$(BIN)/python -m tests.check

bench: $(VENV)/.bench
	@$(BIN)/python -m tests.bench $(BENCH)

format: $(VENV)/.check
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@echo "Making the virtual environment …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@if $(HAS_PIP); then $(PYTHON) -m venv --without-pip $(VENV); else $(PYTHON) -m venv $(VENV); fi

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	@echo "Installing the packages …"
	@$(PIP) install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	@echo "Installing the packages for the tests …"
	@$(PIP) install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.check: pyproject.toml | $(VENV)/bin/python
	@echo "Installing the packages for the checks …"
	@$(PIP) install --quiet --disable-pip-version-check --editable '.[check]'
	@touch $@ $(VENV)/.run

$(VENV)/.bench: pyproject.toml | $(VENV)/bin/python
	@echo "Installing the packages for the bench …"
	@$(PIP) install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@ $(VENV)/.run
