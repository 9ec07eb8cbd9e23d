// SPDX-License-Identifier: GPL-3.0-or-later
// PDF slides: one page at a time, turned by ShowPage.
#include <filesystem>

#include "capture/kinds.h"
#include "capture/pdf_book.h"
#include "capture/slide_show.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d{
      "slides",
      {"スライド（PDF）", "Slides (PDF)"},
      {
          {"file", {"ファイル", "File"}, std::string(), true, -1e18, 1e18, {}},
          {"page", {"最初のページ", "First page"}, std::int64_t{1}, false, 1, 5000, {}},
      },
      true,
      false};
  return d;
}

class SlidesSource final : public Source {
 public:
  explicit SlidesSource(std::shared_ptr<SlideShow> show, FrameSync& video)
      : show_(std::move(show)), video_(video) {}
  ~SlidesSource() override {
    show_->close();
    video_.clear();
  }
  Status poll() override { return show_->poll(); }
  std::string format() const override { return show_->format(); }
  bool may_rest() const override { return true; }
  std::shared_ptr<PageTurner> pages() override { return show_; }

 private:
  const std::shared_ptr<SlideShow> show_;
  FrameSync& video_;
};

std::uint64_t stamp_of(const std::string& path) {
  std::error_code ec;
  const auto when = std::filesystem::last_write_time(path, ec);
  if (ec) return 0;
  const std::uintmax_t size = std::filesystem::file_size(path, ec);
  if (ec) return 0;
  return static_cast<std::uint64_t>(when.time_since_epoch().count()) * 31 + size;
}

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  if (!c.video) return Error{ErrorKind::FixInput, "slides have no sound"};
  const std::string path =
      media_path(c.media_folder, setting<std::string>(description(), s, "file"));
  SlideShowConfig config;
  config.input = c.input;
  config.name = "slides \"" + path + "\"";
  config.canvas = {c.canvas.width, c.canvas.height};
  config.first_page =
      c.page > 0 ? c.page : static_cast<int>(setting<std::int64_t>(description(), s, "page"));
  config.open = [path] { return open_pdf(path); };
  config.stamp = [path] { return stamp_of(path); };
  config.video = c.video;
  config.clock = c.clock;
  auto show = SlideShow::open(std::move(config));
  if (!show) return std::move(show.error());
  return std::unique_ptr<Source>(std::make_unique<SlidesSource>(std::move(*show), *c.video));
}

}  // namespace

SourceKind slides_kind() { return {description(), SourceNature::Still, open}; }

}  // namespace kakehashi
