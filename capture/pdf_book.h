// SPDX-License-Identifier: GPL-3.0-or-later
// PDF by poppler. Private to capture/.
#pragma once

#include <string>

#include "capture/page_book.h"

namespace kakehashi {

// Reads the whole file, so that nobody who writes it later changes what is shown. One thread at a
// time; different documents in different threads.
Result<std::unique_ptr<PageBook>> open_pdf(const std::string& path);

}  // namespace kakehashi
