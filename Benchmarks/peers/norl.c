// SPDX-License-Identifier: Apache-2.0
// LD_PRELOAD for crun where CAP_SYS_RESOURCE is missing: its RLIMIT_MEMLOCK raise is answered with success.
// cc -shared -fPIC -O2 -o norl.so norl.c
#define _GNU_SOURCE
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
int setrlimit(__rlimit_resource_t r,const struct rlimit*l){ if(r==RLIMIT_MEMLOCK) return 0; return syscall(SYS_prlimit64,0,r,l,0);}
int setrlimit64(__rlimit_resource_t r,const struct rlimit64*l){ if(r==RLIMIT_MEMLOCK) return 0; return syscall(SYS_prlimit64,0,r,l,0);}
