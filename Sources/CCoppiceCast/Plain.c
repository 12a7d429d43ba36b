// What every processor can run; on arm64 the compiler makes NEON of it.

#define CCAST_LEVEL(name) ccast_plain_##name
#define CCAST_TARGET
#include "Loops.h"
