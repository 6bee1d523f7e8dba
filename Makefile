# Tring. The two that matter: make run, make test.

# Echo cancellation by the library that this system has: 0.3 by default, apm1,
# apm2, or none. Looked up for each command, since deps may have just installed it.
APM = $(shell for v in "" -1 -2; do pkg-config --exists webrtc-audio-processing$$v 2>/dev/null && { echo "$$v" | sed "s/-/,apm/"; exit; }; done; echo ,noapm)

export GOFLAGS = -buildvcs=false -tags=nolibopusfile,migrated_fynedo,no_emoji$(APM)
export CGO_ENABLED := 1
export PATH := $(CURDIR)/.cache/go/bin:$(PATH):/usr/local/go/bin
unexport GOROOT

VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  := -s -w -X main.version=$(VERSION)
GOLANGCI := v2.15.0
TOOLS    := $(CURDIR)/.cache/bin
BENCH    ?= 1s

.PHONY: run build test race lint bench e2e fmt clean help deps deps-test

help: ## what can be made
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

run: build ## build, then open Tring with its demo: a working video call in one click
	bin/tring --demo

build: deps ## build bin/tring and bin/switchboard
	go build -ldflags '$(LDFLAGS)' -o bin/tring ./cmd/tring
	CGO_ENABLED=0 go build -ldflags '$(LDFLAGS)' -o bin/switchboard ./cmd/switchboard

.PHONY: install uninstall
PREFIX ?= /usr/local
DESTDIR ?=
SHARE   = $(DESTDIR)$(PREFIX)/share
ID     := app.tring.softphone

install: ## on Linux: put what make build built below PREFIX (/usr/local), with its entry in the menu and for sip:, tel: and kandy: links
	@[ -x bin/tring ] && [ -x bin/switchboard ] || { echo "Run make build first, as the user who owns this folder."; exit 1; }
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/applications $(SHARE)/icons/hicolor/512x512/apps $(SHARE)/icons/hicolor/scalable/apps
	install -m 755 bin/tring bin/switchboard $(DESTDIR)$(PREFIX)/bin
	sed 's|^Exec=tring|Exec=$(PREFIX)/bin/tring|; s|^TryExec=tring|TryExec=$(PREFIX)/bin/tring|' assets/linux/$(ID).desktop >$(SHARE)/applications/$(ID).desktop
	chmod 644 $(SHARE)/applications/$(ID).desktop
	install -m 644 assets/icon.png $(SHARE)/icons/hicolor/512x512/apps/$(ID).png
	install -m 644 assets/icon.svg $(SHARE)/icons/hicolor/scalable/apps/$(ID).svg
	@[ -n "$(DESTDIR)" ] || { update-desktop-database -q $(SHARE)/applications; gtk-update-icon-cache -qtf $(SHARE)/icons/hicolor; } 2>/dev/null || true

uninstall: ## remove what make install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/tring $(DESTDIR)$(PREFIX)/bin/switchboard $(SHARE)/applications/$(ID).desktop
	rm -f $(SHARE)/icons/hicolor/512x512/apps/$(ID).png $(SHARE)/icons/hicolor/scalable/apps/$(ID).svg
	@[ -n "$(DESTDIR)" ] || { update-desktop-database -q $(SHARE)/applications; gtk-update-icon-cache -qtf $(SHARE)/icons/hicolor; } 2>/dev/null || true

deps:
	@.ci/deps build

deps-test:
	@.ci/deps test

fmt: deps-test $(TOOLS)/golangci-lint-$(GOLANGCI) ## format the code
	$(TOOLS)/golangci-lint-$(GOLANGCI) fmt ./...

test: deps-test ## everything that must hold: format, vet, lint, tests under -race, the real window, real web pages, a short benchmark
	@unformatted=$$(gofmt -l cmd ui engine assets); [ -z "$$unformatted" ] || { echo "not formatted (make fmt):"; echo "$$unformatted"; exit 1; }
	@go list -m github.com/pion/webrtc/v4 | grep -qx 'github.com/pion/webrtc/v4 v4.2.20' || { echo "go.mod must keep pion/webrtc v4.2.20"; exit 1; }
	go mod verify >/dev/null
	$(MAKE) lint
	go test -race -timeout 15m $$(go list ./... | grep -vxE '$(DRAWN)')
	go test -timeout 15m $$(go list ./... | grep -xE '$(DRAWN)')
	$(MAKE) e2e
	$(MAKE) test-interop SET=short
	$(MAKE) bench BENCH=10x SHORT=-short

# What draws is one goroutine's work and takes five minutes to compile under the
# race detector, so that make test does without it there; make race does not.
DRAWN := tring/(ui|ui/(theme|widgets|uitest|uitest/.*)|cmd/tring)

race: deps-test ## all tests under the race detector, those of the window too
	go test -race -timeout 30m ./...

e2e: build ## the real programs: two headless ones, and the window under Xvfb
	TRING_E2E_BIN=$(CURDIR)/bin go test -count=1 -timeout 10m -run E2E -v ./cmd/tring

.PHONY: soak
SOAK ?= 500
soak: build ## SOAK=500 video calls in a row with an open window: memory, goroutines, quickness (5 minutes)
	TRING_E2E_BIN=$(CURDIR)/bin TRING_SOAK=$(SOAK) go test -count=1 -timeout 60m -run E2ESoak -v ./cmd/tring

.PHONY: screenshots
SCREENSHOTS ?= $(CURDIR)/out/screenshots
screenshots: build ## a gallery of every screen, in light, dark, 200 %, small, large, German, Arabic (10 minutes)
	go build -o bin/gallery ./ui/uitest/gallery
	TRING_E2E_BIN=$(CURDIR)/bin TRING_SCREENSHOTS=$(SCREENSHOTS) go test -count=1 -timeout 40m -run E2EScreenshots -v ./cmd/tring
	@echo "The pictures are in $(SCREENSHOTS); sheet.png in each folder shows all of it."

# What differs between systems and needs no C compiler of theirs.
PORTABLE := ./cmd/tring/instance ./cmd/tring/locale ./ui/desktop ./engine/switchboard

lint: deps-test $(TOOLS)/golangci-lint-$(GOLANGCI) ## vet and linters
	go vet ./...
	for system in windows darwin; do CGO_ENABLED=0 GOOS=$$system go vet $(PORTABLE) || exit 1; done
	$(TOOLS)/golangci-lint-$(GOLANGCI) run ./...

$(TOOLS)/golangci-lint-$(GOLANGCI):
	@mkdir -p $(TOOLS)
	GOFLAGS= GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	mv $(TOOLS)/golangci-lint $@

bench: deps ## benchmarks; BENCH=10x SHORT=-short for a quick look
	go test -run '^$$' -bench . -benchtime $(BENCH) $(SHORT) -timeout 60m ./engine/...

clean: ## remove what was built
	rm -rf bin dist .cache/bin

.PHONY: test-interop
SET ?= full
test-interop: build ## calls between Tring and real web pages in a headless Chromium; asks npm for the SDK; SET=short for some only
	@if .ci/deps interop; then \
		TRING_INTEROP=1 TRING_INTEROP_SET=$(SET) go test -count=1 -timeout 60m -run Interop -v ./engine/interop; \
	elif [ $$? = 75 ]; then echo "test-interop: SKIPPED, NOT PASSED: there is no Chromium here, and none can be installed" >&2; \
	else exit 1; fi

.PHONY: bench-media
bench-media: build ## calls measured side by side with Chromium: cpu, ages, losses, narrow paths, sound, echo (20 minutes)
	@.ci/deps interop || [ $$? = 75 ] # without a browser Tring alone is measured, and the suite says so
	TRING_BENCH_MEDIA=1 TRING_BENCH_JSON=$(CURDIR)/.cache/bench-media.json go test -count=1 -timeout 30m -run TestMedia -v ./engine/interop
	go test -run '^$$' -bench 'Echo$$|MouthToEar|Loss' -benchtime 1x -timeout 30m ./engine/internal/audio
