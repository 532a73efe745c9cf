# `make` lists what there is. Everything is set up on first use, into .venv and by the system's package manager.

PYTHON = .venv/bin/python

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1#/p' Makefile | awk -F'#' '{ printf "make %-8s %s\n", $$1, $$2 }'

demo: ## A co-host with a bundled chat, in one go: make demo ARGS="--seconds 60 --wav out.wav"
	@sh .ci/setup demo $(ARGS)
	@$(PYTHON) -m pickled demo $(ARGS)

setup: ## What `make demo` needs, without starting it
	@sh .ci/setup demo $(ARGS)

test: check ## All checks and all tests: make test ARGS="tests/brain -x", make test EXTRAS=embeddings as CI does
	$(PYTHON) -m pytest -m "not prove" --durations 20 $(or $(ARGS),$(SIDE_BY_SIDE))

# For two processors: some tests wait. The tests of a file stay together, as they share what it sets up.
SIDE_BY_SIDE = -n 3 --dist loadfile --no-loadscope-reorder

check: tools ## The checks that run nothing: style, types, layers, the printed contract
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) -m pickled topics check

format: tools ## Puts the code into shape
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

prove: tools ## The long real-time tests (minutes to hours), and the benchmarks with many samples
	$(PYTHON) -m pytest -m prove --timeout 7200 $(ARGS)
	$(PYTHON) -m tests.bench --prove

hass: tools ## Tests with the newest Home Assistant, in a chroot below /var/tmp that is made first: needs root
	sh tests/home_assistant/chroot.sh $(HASS)
	PICKLED_HASS=$(HASS)/hass $(PYTHON) -m pytest -m hass $(ARGS)

HASS = /var/tmp/pickled-hass

bench: tools ## Measures the budgets, and writes tests/bench/README.md and its picture: make bench ARGS=mute
	$(PYTHON) -m tests.bench $(ARGS)

release: tools ## Builds wheel, source archive, SBOM and licences into dist/, and tries them; publishes nothing
	$(PYTHON) -m tests.release

lock: tools ## Writes the lock files anew after a change in pyproject.toml: make lock ARGS=--upgrade
	$(PYTHON) -m pip install --quiet "uv>=0.7"
	$(LOCK) --extra server --extra node --extra web --group build -o requirements.lock
	$(LOCK) --extra server --extra node --extra web --group build --group dev -c requirements.lock -o .ci/requirements-dev.lock
	echo torch | $(LOCK) --extra embeddings --group model --excludes /dev/stdin -c .ci/requirements-dev.lock -o .ci/requirements-embeddings.lock

LOCK = .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" $(ARGS)

export EXTRAS
unexport PYTHONDONTWRITEBYTECODE  # tests start hundreds of processes: none has to compile all of it again
tools:
	@sh .ci/setup test

clean: ## Takes away what was set up in this folder
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist vision-server/node_modules

.PHONY: help demo setup test check format prove hass bench release lock tools clean
