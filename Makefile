# SPDX-License-Identifier: Apache-2.0
# Builds, shows, tests and installs Roost. `make` alone lists the targets.

PREFIX    ?= /usr/local
DESTDIR   ?=
ROOTFS    ?= .build/rootfs/busybox
PROGRAMS  := $(or $(ROOST_PROGRAMS),.build/release)
DEMO      ?= echo "hello from pid $$$$ on $$(hostname)"; id -u; ls /

SUDO      := $(shell [ "$$(id -u)" = 0 ] || echo sudo -n)
BUILD     := swift build --explicit-target-dependency-import-check error
TESTS     := .build/debug/roostPackageTests.xctest --testing-library swift-testing
TESTED    := Tests/tools/tested
# What needs the controllers of cgroup v2 runs in the VM.
ON_HOST   := --skip 'Limit(Reached)?Tests/'
bindir     = $(DESTDIR)$(PREFIX)/bin
libexecdir = $(DESTDIR)$(PREFIX)/libexec/roost
sharedir   = $(DESTDIR)$(PREFIX)/share

DEPS_BUILD := gcc g++ libc6-dev make libcap-dev libcurl4-openssl-dev \
    libisal-dev libseccomp-dev libssl-dev libzstd-dev
DEPS_TEST  := bsdutils busybox-static debootstrap docker-registry fish iproute2 libcap2-bin openssl patch \
    perl-base python3 skopeo strace util-linux zsh zstd
DEPS_CHECK := clang-format libc6-dev-arm64-cross
DEPS_PEERS := bubblewrap buildah crun jq patchelf podman runc skopeo umoci
# What tests need of Tests/Images; `Tests/Images/standins list` shows what there is besides.
IMAGES     := busybox hello-world debian python nginx redis layers odd multi zstd docker2 user

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help deps deps-peers swift build fast tests programs demo rootfs images test test-unit test-integration \
    test-conformance test-vm test-lessons soak mutants filter bench install uninstall fmt check clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

deps: ## install what build, tests and checks need and is missing (Debian, Ubuntu)
	@.ci/install-missing $(DEPS_BUILD) $(DEPS_TEST) $(DEPS_CHECK)

deps-peers: ## install the runtimes that benchmarks and conformance tests compare with
	@.ci/install-missing $(DEPS_PEERS)

swift:
	@command -v swift >/dev/null || { echo 'roost: `swift` is not in PATH;' \
	    'install Swift 6.3 or later from https://www.swift.org/install/linux/.' >&2; exit 1; }

build: swift ## build the programs into .build/release
	$(BUILD) -c release

fast: swift ## build them in half a minute, not optimised, into .build/fast/release
	$(BUILD) -c release -Xswiftc -Onone --scratch-path .build/fast

tests: swift
	$(BUILD) --build-tests

# What integration tests run: given by ROOST_PROGRAMS, or built.
programs: $(if $(ROOST_PROGRAMS),,build)

rootfs:
	rootfs-samples/busybox.sh $(ROOTFS)

images: deps ## make the images that tests need and that are missing; as root, two minutes the first time
	@$(SUDO) Tests/Images/standins build $(IMAGES)

demo: deps build rootfs ## run one container and explain every step of it
	$(SUDO) $(PROGRAMS)/roost run --rootfs $(ROOTFS) --explain /bin/busybox sh -c '$(DEMO)'

test: test-unit test-integration test-conformance test-vm test-lessons ## all tests
	@$(TESTED) --summary .build/test-logs/*.log

test-unit: deps tests ## tests that need neither root nor a network
	$(TESTED) unit -- swift test --skip-build --disable-xctest \
	    --skip IntegrationTests --skip ConformanceTests

test-integration: deps images tests programs ## tests that make containers on this machine; as root
	$(TESTED) integration -- $(SUDO) env PATH="$$PATH" $(TESTS) --filter IntegrationTests $(ON_HOST)

test-conformance: deps deps-peers tests programs ## behaviour held against runc and crun; as root
	$(TESTED) conformance -- $(SUDO) env PATH="$$PATH" $(TESTS) --filter ConformanceTests

test-vm: deps images tests programs ## the integration tests again, in a VM with cgroup v2 (x86_64)
	$(TESTED) vm -- Tests/VM/test

test-lessons: deps programs ## what docs/lessons says, run and compared; as root, page 07 again in a VM (x86_64)
	$(TESTED) lessons -- $(SUDO) env $(if $(ROOST_PROGRAMS),ROOST_PROGRAMS=$(PROGRAMS)) Tests/lessons/run
	$(TESTED) lessons-vm -- Tests/lessons/run --vm

soak: deps images tests programs ## the integration tests with their full counts; takes long
	$(TESTED) soak -- $(SUDO) env PATH="$$PATH" ROOST_SOAK=1 $(TESTS) --filter IntegrationTests $(ON_HOST)
	@$(TESTED) --summary .build/test-logs/soak.log

mutants: deps tests ## take one prevention out after the other and see its tests fail; as root, half an hour
	$(SUDO) env PATH="$$PATH" Tests/mutants/run $(MUTANTS)

filter: tests ## make CShims/default_filter.c and Benchmarks/seccomp.json anew from docker's default profile
	ROOST_WRITE_FILTER=1 $(TESTS) --filter DefaultFilterTests

bench: deps deps-peers build ## measure container starts beside the peers
	Benchmarks/run

# Builds only what is not built: under sudo, swift is often not in PATH.
install: ## install into PREFIX (/usr/local); DOCKER_NAMES=1 adds the names docker, docker-compose
	[ -x $(PROGRAMS)/roost ] && [ -x $(PROGRAMS)/roost-oci ] && [ -x $(PROGRAMS)/roost-transfer ] || $(MAKE) build
	install -d $(bindir) $(libexecdir) $(sharedir)/man/man1 $(sharedir)/bash-completion/completions \
	    $(sharedir)/zsh/site-functions $(sharedir)/fish/vendor_completions.d
	install -m 755 $(PROGRAMS)/roost $(PROGRAMS)/roost-oci $(bindir)
	install -m 755 $(PROGRAMS)/roost-transfer $(libexecdir)
	set -e; for program in roost roost-oci; do \
	    built=$(PROGRAMS)/$$program; \
	    $$built man >$(sharedir)/man/man1/$$program.1; \
	    $$built completion bash >$(sharedir)/bash-completion/completions/$$program; \
	    $$built completion zsh >$(sharedir)/zsh/site-functions/_$$program; \
	    $$built completion fish >$(sharedir)/fish/vendor_completions.d/$$program.fish; \
	done
	if [ "$(DOCKER_NAMES)" = 1 ]; then for name in docker docker-compose; do \
	    ln -sfn roost $(bindir)/$$name; done; fi

uninstall: ## remove what install put there
	for program in roost roost-oci; do \
	    rm -f $(bindir)/$$program $(sharedir)/man/man1/$$program.1 \
	        $(sharedir)/bash-completion/completions/$$program \
	        $(sharedir)/zsh/site-functions/_$$program \
	        $(sharedir)/fish/vendor_completions.d/$$program.fish; done
	rm -f $(libexecdir)/roost-transfer
	[ ! -d $(libexecdir) ] || rmdir --ignore-fail-on-non-empty $(libexecdir)
	for name in docker docker-compose; do \
	    [ "$$(readlink $(bindir)/$$name)" != roost ] || rm $(bindir)/$$name; done

fmt: swift ## put Swift and C files into form
	swift format format --in-place --parallel --recursive Package.swift Sources Tests
	clang-format -i $$(find CShims Sources/CTransfer Tests/attacks -name '*.[ch]')

check: deps tests ## form, licence lines, sizes, imports, and the C files for aarch64
	swift format lint --strict --parallel --recursive Package.swift Sources Tests
	clang-format --dry-run --Werror $$(find CShims Sources/CTransfer Tests/attacks -name '*.[ch]')
	.ci/check-aarch64
	Tests/tools/selftest
	$(TESTED) check -- swift test --skip-build --disable-xctest --filter ArchitectureTests

clean: ## remove everything built
	rm -rf .build
