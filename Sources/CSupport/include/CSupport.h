#pragma once

#include "Prefetch.h"
#include "Terminal.h"
#include "crc32c.h"
