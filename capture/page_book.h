// SPDX-License-Identifier: GPL-3.0-or-later
// A document whose pages can be painted. Used by one thread at a time.
#pragma once

#include <functional>
#include <memory>

#include "capture/still_picture.h"
#include "core/result.h"

namespace kakehashi {

class PageBook {
 public:
  virtual ~PageBook() = default;
  virtual int pages() const = 0;  // at least 1
  // Page counted from 1, opaque, as large as the box allows with its shape kept, even numbers. May
  // take seconds.
  virtual Result<PixelSheet> paint(int page, PictureSize box) = 0;
};

// Error kinds: NotFound: no such file; FixInput: locked by a password; Unsupported: not a document
// that can be shown.
using OpenBook = std::function<Result<std::unique_ptr<PageBook>>()>;

}  // namespace kakehashi
