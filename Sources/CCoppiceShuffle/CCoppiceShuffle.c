#include "CCoppiceShuffle.h"

#include <stdint.h>
#include <string.h>

typedef uint8_t bytes16 __attribute__((vector_size(16)));

// The bytes at even and at odd indexes of two vectors.
#define EVEN(a, b) \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b) \
  __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
// The first and the last halves of two vectors, interleaved byte by byte.
#define FIRST(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define LAST(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

#define LANES 16
// Without unrolling, the vectors of wide elements go through memory.
#define UNROLLED _Pragma("clang loop unroll(full)")
#define WIDEST 16

// Returns the index of a plane after the even and odd bytes were separated once for each bit of the
// width, which reverses the bits of the planes' indexes.
static inline size_t plane(size_t index, size_t width) {
  size_t reversed = 0;
  for (size_t bit = 1; bit < width; bit *= 2) reversed = reversed * 2 + (index / bit) % 2;
  return reversed;
}

static inline __attribute__((always_inline)) size_t
split(const uint8_t *source, uint8_t *target, size_t count, const size_t width) {
  size_t done = 0;
  for (; count - done >= LANES; done += LANES) {
    bytes16 vectors[WIDEST], apart[WIDEST];
    memcpy(vectors, source + done * width, LANES * width);
    UNROLLED
    for (size_t run = width; run > 1; run /= 2) {
      UNROLLED
      for (size_t start = 0; start < width; start += run) {
        UNROLLED
        for (size_t i = 0; i < run / 2; i++) {
          apart[start + i] = EVEN(vectors[start + 2 * i], vectors[start + 2 * i + 1]);
          apart[start + run / 2 + i] = ODD(vectors[start + 2 * i], vectors[start + 2 * i + 1]);
        }
      }
      memcpy(vectors, apart, sizeof(bytes16) * width);
    }
    UNROLLED
    for (size_t i = 0; i < width; i++) {
      memcpy(target + plane(i, width) * count + done, &vectors[i], LANES);
    }
  }
  return done;
}

static inline __attribute__((always_inline)) size_t
join(const uint8_t *source, uint8_t *target, size_t count, const size_t width) {
  size_t done = 0;
  for (; count - done >= LANES; done += LANES) {
    bytes16 vectors[WIDEST], joined[WIDEST];
    UNROLLED
    for (size_t i = 0; i < width; i++) {
      memcpy(&vectors[i], source + plane(i, width) * count + done, LANES);
    }
    UNROLLED
    for (size_t run = 2; run <= width; run *= 2) {
      UNROLLED
      for (size_t start = 0; start < width; start += run) {
        UNROLLED
        for (size_t i = 0; i < run / 2; i++) {
          joined[start + 2 * i] = FIRST(vectors[start + i], vectors[start + run / 2 + i]);
          joined[start + 2 * i + 1] = LAST(vectors[start + i], vectors[start + run / 2 + i]);
        }
      }
      memcpy(vectors, joined, sizeof(bytes16) * width);
    }
    memcpy(target + done * width, vectors, LANES * width);
  }
  return done;
}

void cshuffle_split(const void *from, void *to, size_t count, size_t width) {
  const uint8_t *source = from;
  uint8_t *target = to;
  size_t done = 0;
  switch (width) {
  case 2: done = split(source, target, count, 2); break;
  case 4: done = split(source, target, count, 4); break;
  case 8: done = split(source, target, count, 8); break;
  case 16: done = split(source, target, count, 16); break;
  }
  for (size_t i = done; i < count; i++) {
    for (size_t p = 0; p < width; p++) target[p * count + i] = source[i * width + p];
  }
}

void cshuffle_join(const void *from, void *to, size_t count, size_t width) {
  const uint8_t *source = from;
  uint8_t *target = to;
  size_t done = 0;
  switch (width) {
  case 2: done = join(source, target, count, 2); break;
  case 4: done = join(source, target, count, 4); break;
  case 8: done = join(source, target, count, 8); break;
  case 16: done = join(source, target, count, 16); break;
  }
  for (size_t i = done; i < count; i++) {
    for (size_t p = 0; p < width; p++) target[i * width + p] = source[p * count + i];
  }
}
