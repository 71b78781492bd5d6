#pragma once
#include "Terminal.h"
