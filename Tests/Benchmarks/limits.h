/* Threads, a clock, and memory that has been touched before. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { MAX_THREADS = 64 };

static void check(int is_good, const char *what) { if (!is_good) { perror(what); exit(2); } }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static char *map(size_t count, int advice) {
  char *memory = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  check(memory != MAP_FAILED, "mmap");
  madvise(memory, count, advice);
  return memory;
}

static void warm(size_t count) {
  for (int k = 0; k < 2; k++) {
    char *memory = map(count, k ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    for (size_t at = 0; at < count; at += 4096) ((volatile char *)memory)[at] = 1;
    munmap(memory, count);
  }
}

static int workers;
typedef void *Work(void *index);
static void parallel(int count, Work *work) {
  pthread_t started[MAX_THREADS];
  workers = count;
  for (intptr_t k = 0; k < count; k++)
    check(pthread_create(&started[k], NULL, work, (void *)k) == 0, "pthread_create");
  for (int k = 0; k < count; k++) pthread_join(started[k], NULL);
}
