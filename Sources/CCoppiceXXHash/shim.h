#pragma once
#include <xxhash.h>

// On x86 the library has loops for wider vectors than every processor supports. Under other names
// it chooses among them, which is twice as fast. Where it was built without these, and on other
// processors, the plain names are the fastest.
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#define XXH_DISPATCH_DISABLE_REPLACE 1
#include <xxh_x86dispatch.h>
#define CXXHASH_BEST(name) name##_dispatch
#else
#define CXXHASH_BEST(name) name
#endif

// Makes the choice, by filling a table on first use; several threads must not do so at the same
// time.
static inline void cxxhash_prepare(void) {
  const char bytes[1024] = {0};
  (void)CXXHASH_BEST(XXH3_64bits)(bytes, sizeof bytes);
}

static inline XXH64_hash_t cxxhash_digest(const void *bytes, size_t count) {
  return CXXHASH_BEST(XXH3_64bits)(bytes, count);
}

static inline XXH_errorcode cxxhash_update(XXH3_state_t *state, const void *bytes, size_t count) {
  return CXXHASH_BEST(XXH3_64bits_update)(state, bytes, count);
}
