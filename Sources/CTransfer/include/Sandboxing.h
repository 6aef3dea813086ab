// SPDX-License-Identifier: Apache-2.0
// What roost-transfer gives up before it reads anything from outside.
#pragma once
#include <stdint.h>

int sandbox_no_new_privileges(void);
int sandbox_not_dumpable(void);
int sandbox_landlock_version(void);
int sandbox_landlock_make(uint64_t files, uint64_t scoped);
int sandbox_landlock_allow(int ruleset, int place, uint64_t files);
int sandbox_landlock_enter(int ruleset);
int sandbox_open_place(const char *_Nonnull path);
int sandbox_detach(int directory);
int sandbox_read_only(void);
int sandbox_replace(int from, int onto);
int sandbox_permitted(uint64_t *_Nonnull mask);
int sandbox_keep_capabilities(uint64_t mask);
int sandbox_filter(const uint64_t *_Nonnull instructions, uint32_t count);
int sandbox_process(void);
