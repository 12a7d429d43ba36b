#include "Tables.h"

/// The polynomial of Castagnoli et al., bits reversed.
static const uint32_t polynomial = 0x82f63b78;

static void make_slices(uint32_t slices[8][256]) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ polynomial : crc >> 1;
    slices[0][byte] = crc;
  }
  for (uint32_t byte = 0; byte < 256; byte++) {
    for (int k = 1; k < 8; k++) {
      uint32_t before = slices[k - 1][byte];
      slices[k][byte] = slices[0][before & 0xff] ^ (before >> 8);
    }
  }
}

/// Returns the sum after `count` more zero bytes. It is linear, so 32 values give all others.
static uint32_t past_zeros(const uint32_t slice[256], uint32_t crc, size_t count) {
  for (; count > 0; count--) crc = slice[crc & 0xff] ^ (crc >> 8);
  return crc;
}

static void make_shift(const uint32_t slice[256], size_t count, uint32_t shift[4][256]) {
  for (int k = 0; k < 4; k++) {
    shift[k][0] = 0;
    for (uint32_t bit = 0; bit < 8; bit++) {
      uint32_t moved = past_zeros(slice, (uint32_t)1 << (8 * k + bit), count);
      for (uint32_t byte = 0; byte < (uint32_t)1 << bit; byte++) {
        shift[k][((uint32_t)1 << bit) | byte] = shift[k][byte] ^ moved;
      }
    }
  }
}

void crc32c_make_tables(crc32c_tables *tables) {
  make_slices(tables->slices);
  for (int size = 0; size < 2; size++) {
    make_shift(tables->slices[0], crc32c_run_bytes[size], tables->shifts[size]);
  }
}
