// The level for every processor; on arm64 the compiler uses NEON.

#define CCAST_LEVEL(name) ccast_plain_##name
#define CCAST_TARGET
#include "Loops.h"
