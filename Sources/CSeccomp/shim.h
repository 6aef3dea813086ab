// SPDX-License-Identifier: Apache-2.0
// libseccomp, for the numbers of system calls only: see seccomp_syscall_resolve_name(3).
#pragma once
#include <seccomp.h>
