// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/result.h"

namespace kakehashi {

// Small reports: written beside their place and renamed, so a reader never finds half of one.
Status write_file(const std::string& path, const std::string& text);

}  // namespace kakehashi
