# What the project can do. Two commands are enough to begin: make run, make test.
PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask --app directory.app
PORT ?= 5000

.DEFAULT_GOAL := help
.PHONY: help run test check lint docs benchmark sample lock clean ready

help:  ## Say what each command does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: ready  ## Set everything up and serve the site on http://127.0.0.1:5000
	@$(FLASK) directory start --port $(PORT)

test: ready  ## Set everything up and run all tests, with coverage
	@$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder --cov --cov-report=term --cov-fail-under=95 $(TESTS)

check: lint test  ## Everything that must be true before a change goes in

lint: ready  ## Style, types, layers of imports, docstrings of geodata
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/lint_docstrings.py
	@$(BIN)/python scripts/catalogue.py check

docs: ready  ## Write the parts of the docs and of the catalogues that come from the code
	@$(BIN)/python scripts/catalogue.py update
	@$(BIN)/python scripts/make_docs.py

benchmark: ready  ## Measure speed side by side with the peers
	@$(BIN)/python scripts/benchmark.py map

sample: ready  ## Make the demonstration data again
	@$(BIN)/python scripts/make_sample.py

lock: ready  ## Choose the newest versions that fit, and write requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		--no-annotate --extra dev setup.cfg -o requirements.lock

clean:  ## Take out what was installed and built; records in instance/ stay
	rm -rf .venv node_modules directory/static/vendor build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .coverage

ready: .venv/installed
	@$(BIN)/python scripts/build_assets.py
	@$(BIN)/python scripts/catalogue.py compile

.venv/installed: requirements.lock setup.cfg
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=… to choose one.")'
	@echo "Making the virtual environment in .venv; the first time takes a minute."
	@$(PYTHON) -m venv .venv
	@# The lock names everything. With --no-deps nothing newer is looked for that a package might want. First uv
	@# alone, by its own lines of the lock: it puts in the others in a tenth of the time.
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock | \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r /dev/stdin
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
