#pragma once
// Counts the blocks of memory that a program takes, by standing in for the allocator of glibc.

#include <stdint.h>

// The blocks taken so far; -1 where they are not counted.
int64_t allocations_taken(void);
