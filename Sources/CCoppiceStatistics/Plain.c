// The level for every processor; on arm64 the compiler uses NEON.

#include "Levels.h"

#define CSTAT_LEVEL(name) cstat_plain_##name
#define CSTAT_TARGET
#include "Loops.h"
