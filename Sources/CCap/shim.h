// SPDX-License-Identifier: Apache-2.0
// libcap, for the names of capabilities only: see cap_from_name(3).
#pragma once
#include <sys/capability.h>
