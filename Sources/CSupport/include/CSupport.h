#pragma once

#include "Terminal.h"
#include "crc32c.h"
