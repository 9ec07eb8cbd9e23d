// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/input_feed.h"

#include <utility>

namespace kakehashi {
namespace {

const SourceKind* kind_of(const FeedConfig& config) {
  return config.spec ? find_source_kind(config.spec->kind) : nullptr;
}

}  // namespace

InputFeed::InputFeed(FeedConfig config) : KeptFeed(config, kind_of(config)) {}

}  // namespace kakehashi
