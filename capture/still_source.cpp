// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/still_source.h"

namespace kakehashi {
namespace {

constexpr Duration kAgain = Duration::milliseconds(500);

class StillSource final : public Source {
 public:
  StillSource(FramePtr picture, const SourceContext& c)
      : picture_(std::move(picture)), context_(c) {
    show();
  }
  ~StillSource() override { context_.video->clear(); }
  Status poll() override {
    if (context_.clock->now() - shown_ >= kAgain) show();
    return {};
  }
  std::string format() const override {
    return std::to_string(picture_->width()) + "x" + std::to_string(picture_->height()) + " I420";
  }
  bool may_rest() const override { return true; }

 private:
  void show() {
    shown_ = context_.clock->now();
    context_.video->push(with_time(picture_, shown_, sequence_));
  }
  const FramePtr picture_;
  const SourceContext context_;
  MediaTime shown_{};
  const std::uint64_t sequence_ = next_still_sequence();
};

}  // namespace

std::unique_ptr<Source> still_source(FramePtr picture, const SourceContext& context) {
  return std::make_unique<StillSource>(std::move(picture), context);
}

}  // namespace kakehashi
