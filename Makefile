# The verbs of this project. `make` alone lists them.

PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
CATALOGUE := stylesite/locale/zh_Hans/LC_MESSAGES/django.po
# Of several test processes each has a core, and PyTorch in each one thread.
TEST_PROCESSES ?= 2
# What is painted to be measured.
PHOTO ?= transfer/sample_photos/images/lighthouse.jpg
STYLE ?= transfer/starter_styles/images/impasto.jpg
SIZE ?= 512
export PYTHONUNBUFFERED := 1

.PHONY: help run test test-browser screenshots fault lint format bench messages lock clean environment weights

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: environment ## start the site: HOST, PORT, WORKERS, TRAINERS, DATABASE_URL, REDIS_URL change it
	@exec $(VENV_PYTHON) manage.py up

test: environment weights ## run every test but the browser's, on the embedded services, TEST_PROCESSES (2) at a time
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m pytest -m "not browser and not fault" -n $(TEST_PROCESSES) --dist worksteal $(ARGS)

test-browser: environment weights ## run the tests that need Chromium (set CHROMIUM if it is not on the PATH)
	@$(VENV_PYTHON) -m pytest -m browser $(ARGS)

screenshots: environment weights ## take a picture of every page in every look, into var/screenshots (ARGS names some)
	@$(VENV_PYTHON) -m tests.browser.screenshots $(ARGS)

fault: environment weights ## kill, empty and stop what the jobs depend on, for many minutes
	@$(VENV_PYTHON) -m pytest -m fault $(ARGS)

lint: environment ## check formatting, types, imports, migrations, translations and deployment settings
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m mypy
	@.venv/bin/lint-imports
	@$(VENV_PYTHON) manage.py makemigrations --check --dry-run
	@SITE_URL=https://stylesite.example $(VENV_PYTHON) manage.py check --deploy --fail-level WARNING

format: environment ## format the code
	@$(VENV_PYTHON) -m ruff check --fix .
	@$(VENV_PYTHON) -m ruff format .

bench: environment weights ## measure the engine and the GAN, on PHOTO and STYLE at SIZE (512) pixels: an hour on two cores
	@$(VENV_PYTHON) -m benchmarks.stylize --content $(PHOTO) --style $(STYLE)
	@$(VENV_PYTHON) -m benchmarks.gan speed --size 64 --batch 64
	@for size in 512 1024 "2048 --tile 1024" "4096 --tile 1024"; do $(VENV_PYTHON) -m benchmarks.memory --size $$size || exit 1; done
	@$(VENV_PYTHON) -m benchmarks.settling $(PHOTO) $(STYLE)
	@$(VENV_PYTHON) -m benchmarks.quality $(PHOTO) $(STYLE) --size $(SIZE)
	@$(VENV_PYTHON) -m benchmarks.beside --pairs $(PHOTO):$(STYLE) --size $(SIZE) --output var/bench

messages: environment ## collect what is to be translated, and compile what has been (needs gettext)
	@$(VENV_PYTHON) manage.py makemessages --locale zh_Hans --no-wrap --no-location --ignore .venv --ignore var --ignore tests
	@sed -i '/^"POT-Creation-Date\|^"Report-Msgid-Bugs-To/d' $(CATALOGUE)
	@$(VENV_PYTHON) manage.py compilemessages --locale zh_Hans --ignore .venv

lock: environment ## pin every dependency in requirements.lock anew
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --group dev pyproject.toml --output-file requirements.lock --upgrade

clean: ## remove what was built and cached; the site's data in var/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache var/static var/log
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@$(PYTHON) stylesite/bootstrap.py

weights: environment
	@$(VENV_PYTHON) -m ml fetch-weights
