// SPDX-License-Identifier: GPL-3.0-or-later
// A still: decoded once to I420 in the program's colours, made no larger than the canvas, then
// handed over again every half second so that it never counts as lost.
#include "capture/kinds.h"
#include "capture/picture_file.h"

namespace kakehashi {
namespace {

constexpr Duration kAgain = Duration::milliseconds(500);

const KindDescription& description() {
  static const KindDescription d{
      "image",
      {"静止画", "Still image"},
      {{"file",
        {"ファイル（PNG、JPEG、WebP、HEIC）", "File (PNG, JPEG, WebP, HEIC)"},
        std::string(),
        true,
        -1e18,
        1e18,
        {}}},
      true,
      false};
  return d;
}

class ImageSource final : public Source {
 public:
  ImageSource(FramePtr picture, const SourceContext& c)
      : picture_(std::move(picture)), context_(c) {
    show();
  }
  ~ImageSource() override { context_.video->clear(); }
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

SourceKind image_kind() {
  return {description(),
          [](const Settings& s, const SourceContext& c) -> Result<std::unique_ptr<Source>> {
            const std::string path =
                media_path(c.media_folder, setting<std::string>(description(), s, "file"));
            if (!c.video) return Error{ErrorKind::FixInput, "a still image has no sound"};
            auto sheet = read_picture(path, {c.canvas.width, c.canvas.height});
            if (!sheet) return std::move(sheet.error()).context("image file \"" + path + "\"");
            return std::unique_ptr<Source>(std::make_unique<ImageSource>(program_still(*sheet), c));
          }};
}

}  // namespace kakehashi
