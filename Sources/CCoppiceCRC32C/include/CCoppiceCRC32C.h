// CRC-32C (Castagnoli), as OCDBT and zarr 3 use it. Debian has no library for it, and Swift can't
// reach the processor's instructions, so it is a small C target.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The checksum of more bytes after those that `crc` is of; begin with 0.
uint32_t ccrc32c_extend(uint32_t crc, const void *bytes, size_t count);

/// The same without the processor's instructions; for tests, and where there are none.
uint32_t ccrc32c_extend_plain(uint32_t crc, const void *bytes, size_t count);
