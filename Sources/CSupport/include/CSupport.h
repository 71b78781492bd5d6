#pragma once

#include "Pause.h"
#include "Prefetch.h"
#include "Terminal.h"
#include "crc32c.h"
