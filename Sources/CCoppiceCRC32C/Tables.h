#pragma once
#include <stddef.h>
#include <stdint.h>

/// The lengths of the runs that are summed at once, longest first.
static const size_t crc32c_run_bytes[2] = {4096, 256};

typedef struct {
  /// slices[k][b]: the sum of the byte b followed by k zero bytes.
  uint32_t slices[8][256];
  /// shifts[s][k][b]: the sum b << 8k, moved past crc32c_run_bytes[s] zero bytes.
  uint32_t shifts[2][4][256];
} crc32c_tables;

void crc32c_make_tables(crc32c_tables *tables);

static inline uint32_t crc32c_shift(const uint32_t table[4][256], uint32_t crc) {
  return table[0][crc & 0xff] ^ table[1][(crc >> 8) & 0xff] ^ table[2][(crc >> 16) & 0xff] ^
         table[3][crc >> 24];
}
