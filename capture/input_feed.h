// SPDX-License-Identifier: GPL-3.0-or-later
// A KeptFeed of the table of source kinds.
#pragma once

#include "capture/kept_feed.h"

namespace kakehashi {

class InputFeed final : public KeptFeed {
 public:
  explicit InputFeed(FeedConfig config);
};

}  // namespace kakehashi
