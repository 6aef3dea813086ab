// SPDX-License-Identifier: Apache-2.0
// Threads for Swift: see pthread_create(3), pthread_mutex_lock(3), pthread_cond_wait(3).
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "CTransfer.h"

struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

int transfer_thread_start(uint64_t *thread, void *(*run)(void *), void *argument)
{
    sigset_t all, before;
    pthread_t made;
    sigfillset(&all);
    // Signals are for the first thread.
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int result = pthread_create(&made, NULL, run, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    *thread = (uint64_t)made;
    return -result;
}

int transfer_thread_join(uint64_t thread)
{
    return -pthread_join((pthread_t)thread, NULL);
}

void *transfer_gate_new(void)
{
    struct gate *gate = malloc(sizeof *gate);
    if (!gate)
        return NULL;
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_cond_init(&gate->changed, NULL);
    return gate;
}

void transfer_gate_free(void *state)
{
    struct gate *gate = state;
    pthread_cond_destroy(&gate->changed);
    pthread_mutex_destroy(&gate->mutex);
    free(gate);
}

void transfer_gate_lock(void *gate)
{
    pthread_mutex_lock(&((struct gate *)gate)->mutex);
}

void transfer_gate_unlock(void *gate)
{
    pthread_mutex_unlock(&((struct gate *)gate)->mutex);
}

void transfer_gate_wait(void *state)
{
    struct gate *gate = state;
    pthread_cond_wait(&gate->changed, &gate->mutex);
}

void transfer_gate_wake(void *gate)
{
    pthread_cond_broadcast(&((struct gate *)gate)->changed);
}
