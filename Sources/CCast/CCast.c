#include "CCast.h"
