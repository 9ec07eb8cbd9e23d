// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/network_rig.h"
