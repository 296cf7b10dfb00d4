include config.mk

SHELL   := /bin/sh
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
BINARY  := bin/up42hooks
STATE   := state
PIDFILE := $(STATE)/up42hooks.pid
LOG     := $(STATE)/up42hooks.log

# Without a STORE of its own a background receiver uses the same store as `run`.
STOREFLAG := $(if $(STORE),--store '$(STORE)')
RECEIVE   := --listen '$(ADDR):$(PORT)' $(STOREFLAG) $(ARGS)

# start and list find in the log where it receives.
TOLD      := --log-level info

# running is true if the pid file names a process of ours: an old file may name
# one that has nothing to do with us. Some systems have no /proc, some no ps.
args    = { tr '\000' ' ' <"/proc/$$pid/cmdline"; } 2>/dev/null || ps -o args= -p "$$pid" 2>/dev/null
running = pid=$$(cat $(PIDFILE) 2>/dev/null) && [ -n "$$pid" ] && { $(args); } | grep -q '^$(BINARY) listen'

# TIME is how long something takes: a bare number is minutes, as in TIME=10; TIME=90s and TIME=1h30m have units. A run
# for no time or of no rounds would show nothing, so it is refused. $(call length,1m) is TIME, or else a minute;
# $(call count,ROUNDS,5) is ROUNDS, or else 5.
length = $(if $(TIME),$(or $(shell echo '$(TIME)' | sed -En 's/^[0-9.]+$$/&m/; /[1-9]/s/^([0-9]+(\.[0-9]+)?(h|m|s|ms|us|ns))+$$/&/p'),$(error \
	TIME=$(TIME): use a number of minutes, such as 10, or a duration with units, such as 90s or 1h30m; more than 0)),$1)
count = $(if $($1),$(or $(shell echo '$($1)' | sed -En '/^0*[1-9][0-9]*$$/p'),$(error $1=$($1): use a number above 0, such as $2)),$2)

.DEFAULT_GOAL := help
.PHONY: help run demo build install test wine repeat check lint vulncheck fmt cast pictures bench bench-report bench-team siege torture team-torture powercuts mutants models damages faults fulldisks fuzz release-snapshot release-check systemd-check start stop restart reload logs list clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "A TIME without a unit is minutes: TIME=10 is TIME=10m."

run: build ## Show the dashboard, with its receiver
	@$(BINARY) $(RECEIVE)

demo: build ## Show everything on a simulated UP42: no account, no network
	@$(BINARY) demo $(ARGS)

build: ## Build bin/up42hooks (TAGS=ngrok adds ngrok's library)
	@CGO_ENABLED=0 go build -trimpath -tags '$(TAGS)' -ldflags '-X main.version=$(VERSION)' -o $(BINARY) ./cmd/up42hooks

install: ## Put up42hooks where Go puts programs
	@CGO_ENABLED=0 go install -trimpath -tags '$(TAGS)' -ldflags '-X main.version=$(VERSION)' ./cmd/up42hooks

# SQLite is C translated to Go, with memory of its own that the race detector does not see. Its
# checks there, and those of pointer conversions, take most of the tests' time and find nothing.
TEST := go test -race -gcflags=modernc.org/...=-d=checkptr=0 -gcflags=modernc.org/sqlite/lib=-race=false -vet=off -ldflags=-w -timeout 20m

test: ## Run all tests (PACKAGES=./tui/... some of them, FLAGS=-v says more)
	@$(TEST) $(FLAGS) $(or $(PACKAGES),./...)

# Wine checks no certificate as Windows does, and may not list the addresses of the machine.
wine: ## Run the tests for Windows, in wine 10 or newer (WINE=PROGRAM PACKAGES=./tui/...)
	@GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go test -vet=off -count=1 -timeout 20m -skip '^Test(TLS|Reaches)$$' -exec '$(or $(WINE),wine)' $(or $(PACKAGES),./receiver/... ./client/...)

repeat: ## Run the tests again and again, to find those that fail now and then (TIMES=50 PACKAGES=./tui/...)
	@go test -vet=off -count=$(call count,TIMES,50) -timeout 0 $(or $(PACKAGES),./...)

check: ## Check format, vet, and what go.mod says
	@out=$$(go tool gofumpt -l .) && [ -z "$$out" ] || { echo "not formatted (make fmt):"; echo "$$out"; exit 1; }
	@go vet ./...
	@go mod tidy -diff
	@grep -q 'github.com/charmbracelet/x/ansi v0.11.6' go.mod || { echo "go.mod: keep charmbracelet/x/ansi at v0.11.6, later ones measure text several times slower"; exit 1; }

lint: check ## Also check all platforms (or PLATFORMS), and staticcheck
	@go vet -tags ngrok ./receiver/tunnel
	@go run ./cmd/up42hooks/platforms $(PLATFORMS)
	@go tool staticcheck ./...

# The database comes as a module, so the module proxy is enough.
vulncheck: ## Look for known faults of Go and of the modules in what the program calls
	@db=$$(mktemp -d) && trap 'rm -rf "$$db"' EXIT && \
		osv=$$(go mod download -json golang.org/x/vulndb@latest | sed -n 's/.*"Dir": "\(.*\)".*/\1/p') && \
		go run golang.org/x/vulndb/cmd/indexdb@latest -vulns "$$osv/data/osv" -out "$$db" && \
		go run golang.org/x/vuln/cmd/govulncheck@latest -db "file://$$db" ./...

fmt: ## Format all source
	@go tool gofumpt -w .

# A measurement takes about two minutes: TIME for each load, ROUNDS of which the medians
# count, BEFORE is another program to compare with.
BENCH = UP42_BENCH=$(call length,1s) UP42_BENCH_ROUNDS=$(call count,ROUNDS,3) \
	UP42_BENCH_PROGRAM='$(CURDIR)/$(BINARY)' UP42_BENCH_BEFORE='$(abspath $(BEFORE))' $(REPORT) \
	go -C cmd/up42hooks/bench test -count=1 -timeout 0 -run 'TestBench$$'

.PHONY: soak hostile
soak: ## Run the program for long under load, and look whether it grows (TIME=60 RATE=250 OUT=FOLDER)
	@UP42_SOAK=$(call length,20m) UP42_SOAK_RATE=$(call count,RATE,250) UP42_SOAK_OUT='$(abspath $(OUT))' \
		go test -count=1 -timeout 0 -v -run Soak ./cmd/up42hooks/soak

hostile: ## Put each hostile text into each field, and look at a terminal (ROUNDS=200)
	@UP42_HOSTILE=$(call count,ROUNDS,200) go test -count=1 -timeout 0 -v -run "Hostile|SecretsAre" ./tui ./cmd/up42hooks

cast: build ## Record a script for asciinema (SCRIPT=talk SPEED=2 CAST=FILE)
	@go run ./cmd/up42hooks/cast -o '$(or $(CAST),$(or $(SCRIPT),first-delivery).cast)' \
		$(BINARY) demo --once --script '$(or $(SCRIPT),first-delivery)' --speed '$(or $(SPEED),1)'

pictures: build ## Draw the animated pictures of the documents again (.github/pictures)
	@go run ./cmd/up42hooks/pictures -o .github/pictures $(BINARY)

bench: build ## Measure the receiver beside others (TIME=5s ROUNDS=5 BEFORE=another program)
	@$(BENCH)

bench-report: REPORT = UP42_BENCH_REPORT='$(CURDIR)/README.md'
bench-report: build ## Measure, and write the tables of README.md
	@$(BENCH)

bench-team: build ## Measure what a team's stream costs a receiver (TIME=5s ROUNDS=7)
	@UP42_BENCH_TEAM=$(call length,3s) UP42_BENCH_ROUNDS=$(call count,ROUNDS,5) UP42_BENCH_PROGRAM='$(CURDIR)/$(BINARY)' \
		go -C cmd/up42hooks/bench test -count=1 -timeout 0 -run 'TestTeamBench$$'

siege: ## Attack a receiver, and print what a good sender notices (TIME=5s for each attack)
	@UP42_SIEGE=$(call length,5s) go test -count=1 -timeout 0 -v -run Siege ./cmd/up42hooks/siege

torture: ## Kill the program again and again under load, and check what is stored (TIME=5)
	@UP42_TORTURE=$(call length,1m) go test -count=1 -timeout 0 -v -run TestTorture ./cmd/up42hooks/torture

team-torture: ## Kill receivers and servers of a team under load, and check what each member has (TIME=20)
	@UP42_TEAM_TORTURE=$(call length,2m) go test -count=1 -timeout 0 -v -run Team ./cmd/up42hooks/torture

powercuts: ## Cut the power while a store is written, and check what is left (CUTS=20000)
	@UP42_POWER_CUTS=$(call count,CUTS,20000) go test -count=1 -timeout 0 -v -run PowerCut ./receiver/sqlite

mutants: ## Change signed requests, and check that none is verified as something else (N=100000000)
	@UP42_MUTANTS=$(call count,N,100000000) go test -count=1 -timeout 0 -v -run 'Mutant|OriginalTakes|ChangedBit' ./receiver/signature ./receiver

# The tests of a folder that make their cases at random, as a pattern for -run.
RANDOM = awk '/^func Test/ { name = $$2; sub(/[(].*/, "", name) } /rapid[.]Check[(]/ { print name }' $$dir/*_test.go | sort -u | paste -sd'|' -
models: ## Try many cases in each test that makes them at random (CASES=1000 PACKAGES=./tui/...)
	@for dir in $$(grep -rl --include=*_test.go 'rapid[.]Check(' $(or $(patsubst %/...,%,$(PACKAGES)),.) | xargs -n1 dirname | sort -u); do \
		go test -vet=off -count=1 -timeout 0 -v -run "^($$($(RANDOM)))\$$" $$dir -rapid.checks=$(call count,CASES,1000) || exit 1; \
	done

damages: ## Damage stores at random, and check that each repair makes a sound one (N=3000)
	@UP42_DAMAGES=$(call count,N,3000) go test -count=1 -timeout 0 -v -run AnyDamage ./receiver/sqlite

faults: ## Let each call of the system fail, and check that nothing is damaged or promised
	@UP42_FAULTS=all go test -count=1 -timeout 0 -v -run Faults ./cmd/up42hooks/torture

fulldisks: ## Fill a small disk and free it, again and again (TIMES=200; needs root)
	@UP42_FULL_DISKS=$(call count,TIMES,200) go test -count=1 -timeout 0 -v -run 'FullAgain|OnlyBeRead' ./cmd/up42hooks/torture

FUZZERS = $(shell grep -rl --include=*_test.go '^func Fuzz' . | xargs -n1 dirname | sort -u)
fuzz: ## Run each fuzz test for a while (TIME=10)
	@for dir in $(FUZZERS); do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(.*/\1/p' $$dir/*_test.go); do \
			go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(call length,1m) $$dir || exit 1; \
		done; \
	done

start: build ## Start a receiver in the background
	@mkdir -p $(STATE) && chmod 700 $(STATE)
	@if $(running); then echo "up42hooks runs already (process $$pid)"; else \
		rm -f $(PIDFILE); [ ! -e $(LOG) ] || mv $(LOG) $(LOG).old; : >$(LOG); \
		umask 077; nohup $(BINARY) listen $(RECEIVE) $(TOLD) </dev/null >/dev/null 2>$(LOG) & pid=$$!; \
		echo $$pid >$(PIDFILE); \
		n=0; until grep -q 'receiving deliveries' $(LOG); do \
			n=$$((n+1)); \
			if ! kill -0 $$pid 2>/dev/null || [ $$n -ge 100 ]; then cat $(LOG) >&2; rm -f $(PIDFILE); exit 1; fi; \
			sleep 0.1; \
		done; \
		cat $(LOG); \
	fi

stop: ## End the background receiver, with everything stored
	@if $(running); then \
		kill $$pid; \
		n=0; while kill -0 $$pid 2>/dev/null; do \
			n=$$((n+1)); [ $$n -lt 300 ] || { echo "process $$pid does not end"; exit 1; }; \
			sleep 0.1; \
		done; \
		echo "up42hooks ended"; \
	else echo "up42hooks does not run"; fi; \
	rm -f $(PIDFILE)

restart: ## End the background receiver and start it again
	@$(MAKE) --no-print-directory stop start

reload: ## Have the background receiver read its secrets again
	@if $(running); then kill -HUP $$pid && echo "up42hooks reads its secrets again (see make logs)"; else echo "up42hooks does not run" >&2; exit 1; fi

logs: ## Print what the background receiver has said
	@if [ -e $(LOG) ]; then cat $(LOG); else echo "nothing was logged yet (make start)" >&2; fi

list: ## Show the background receiver, if it runs
	@if $(running); then \
		echo "up42hooks runs (process $$pid)"; \
		sed -n 's/.*msg"*[:=]"receiving deliveries"[ ,]*/receiving: /p' $(LOG) | tail -n 1; \
	else echo "up42hooks does not run (make start)"; fi

release-snapshot: ## Build archives and packages for every platform into dist/ (PLATFORMS, PACKAGERS)
	@.ci/release-snapshot dist

release-check: ## Build a release for this machine twice, compare, install and remove its deb
	@.ci/release-check

systemd-check: ## Boot a Debian in an emulator, and look how its systemd runs the unit of the deb (as root)
	@.ci/systemd-check

clean: ## Remove what was built (not what was received)
	@if $(running); then echo "up42hooks runs (process $$pid): make stop first" >&2; exit 1; fi
	@rm -rf bin dist .release $(LOG) $(LOG).old $(PIDFILE); rmdir $(STATE) 2>/dev/null || true
