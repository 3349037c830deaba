# Two commands do everything: `make demo` and `make test`. Both set up .venv by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NEXT := .venv-next
ARGS ?=

.PHONY: demo test test-next lint format clean
.DEFAULT_GOAL := demo

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "gongkai needs Python 3.11 or newer; say which one: make PYTHON=python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(VENV)/.ready
	@$(BIN)/gongkai demo $(ARGS)

test: $(VENV)/.ready
	$(BIN)/python -m pytest $(ARGS)

# The site on the next Datasette, in an environment of its own: the same tests must pass.
$(NEXT)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(NEXT)
	grep -v '^datasette==' constraints.txt >$(NEXT)/constraints.txt
	$(NEXT)/bin/python -m pip install --quiet --disable-pip-version-check \
		-c $(NEXT)/constraints.txt -e . 'datasette>=1.0a41' pytest pytest-xdist
	@touch $@

test-next: $(NEXT)/.ready
	$(NEXT)/bin/python -m pytest tests/archive/test_site.py $(ARGS)

lint: $(VENV)/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(NEXT) build dist .coverage* .*_cache *.egg-info
