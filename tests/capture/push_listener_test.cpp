// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/push_listener.h"
