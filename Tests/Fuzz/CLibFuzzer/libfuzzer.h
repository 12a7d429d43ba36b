// The interface of libFuzzer, for which no compiler has a header.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Runs the fuzzer with the options of a command line, calling `run` for each input.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*run)(const uint8_t *bytes, size_t count));
