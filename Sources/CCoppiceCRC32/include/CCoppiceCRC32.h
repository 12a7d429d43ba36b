// CRC-32 of zip, gzip and PNG. This is C because zlib computes it without the processor's instructions,
// slower than a disk writes, and Swift can't use them.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Extends the checksum `crc` by more bytes; the first `crc` is 0.
uint32_t ccrc32_extend(uint32_t crc, const void *_Nonnull bytes, size_t count);
