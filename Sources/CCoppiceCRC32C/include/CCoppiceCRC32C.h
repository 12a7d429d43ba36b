// CRC-32C (Castagnoli), for OCDBT and zarr 3. This is C because Debian has no library for it, and
// Swift can't use the processor's instructions.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Extends the checksum `crc` by more bytes; the first `crc` is 0.
uint32_t ccrc32c_extend(uint32_t crc, const void *bytes, size_t count);

/// Does the same without the processor's instructions, for tests and for processors without them.
uint32_t ccrc32c_extend_plain(uint32_t crc, const void *bytes, size_t count);
