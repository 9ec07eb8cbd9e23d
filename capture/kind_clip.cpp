// SPDX-License-Identifier: GPL-3.0-or-later
// A film clip, or a list of them. In a list the "page" is the clip: turning to one plays it from
// its cue-in, and it rests on its last picture until the next one is called.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <sstream>

#include "capture/clip_player.h"
#include "capture/kinds.h"
#include "core/log.h"

namespace kakehashi {
namespace {

constexpr double kNoLimit = 1e18;

const KindDescription& description() {
  static const KindDescription d{
      "clip",
      {"動画ファイル", "Film clip"},
      {
          {"file",
           {"ファイル（または一覧 .csv）", "File (or a list, .csv)"},
           std::string(),
           true,
           -kNoLimit,
           kNoLimit,
           {}},
          {"loop", {"繰り返す", "Repeat"}, true, false, -kNoLimit, kNoLimit, {}},
          {"in_s", {"頭出し（秒）", "Cue-in (s)"}, 0.0, false, 0, 86'400, {}},
          {"out_s",
           {"終わり（秒、0で最後まで）", "Cue-out (s, 0: to the end)"},
           0.0,
           false,
           0,
           86'400,
           {}},
      },
      true,
      true};
  return d;
}

// Between whoever turns pages and the source's own thread.
class ClipPages final : public PageTurner {
 public:
  explicit ClipPages(int pages) : pages_(pages) {}
  void show_page(int page) override { wanted_ = std::clamp(page, 1, pages_); }
  FramePtr page_strip() override { return {}; }
  PageStatus page_status() const override {
    const std::lock_guard lock(mutex_);
    return {page_, pages_, advice_};
  }
  int take_wanted() { return wanted_.exchange(0); }  // 0: nobody asked
  void now_shows(int page, Text advice) {
    const std::lock_guard lock(mutex_);
    page_ = page;
    advice_ = std::move(advice);
  }
  int page() const { return page_status().page; }

 private:
  const int pages_;
  std::atomic<int> wanted_{0};
  mutable std::mutex mutex_;
  int page_ = 0;
  Text advice_;
};

class ClipSource final : public Source {
 public:
  ClipSource(std::vector<ClipCue> clips, const SourceContext& context, bool loop)
      : clips_(std::move(clips)), context_(context), loop_(loop) {
    if (clips_.size() > 1) pages_ = std::make_shared<ClipPages>(static_cast<int>(clips_.size()));
  }

  Status start() {
    const int page = pages_ ? std::clamp(context_.page, 1, static_cast<int>(clips_.size())) : 1;
    return show(page);
  }
  Status poll() override {
    if (pages_) {
      if (const int wanted = pages_->take_wanted()) turn(wanted);
      // The list goes round; one clip alone goes round by itself.
      else if (loop_ && player_->ended())
        turn(pages_->page() % static_cast<int>(clips_.size()) + 1);
    }
    return player_->poll();
  }
  std::string format() const override { return player_->format(); }
  bool may_rest() const override { return player_->ended(); }
  std::shared_ptr<PageTurner> pages() override { return pages_; }

 private:
  // The old clip goes on until the new one has its first picture.
  Status show(int page) {
    auto next =
        ClipPlayer::open(clips_[static_cast<std::size_t>(page - 1)], context_, loop_ && !pages_);
    if (!next.ok()) return std::move(next).error();
    player_ = std::move(next).value();
    if (context_.audio) context_.audio->discontinuity();
    if (pages_) pages_->now_shows(page, {});
    return player_->play();
  }
  void turn(int page) {
    Status s = show(page);
    if (s.ok()) return;
    log_warning("src." + context_.input, s.error().message);
    const std::string number = std::to_string(page);
    pages_->now_shows(page, {number + "番の動画を再生できません。ファイルを確かめてください。",
                             "Clip " + number + " cannot be played. Check its file."});
  }

  const std::vector<ClipCue> clips_;
  const SourceContext context_;
  const bool loop_;
  std::shared_ptr<ClipPages> pages_;
  std::unique_ptr<ClipPlayer> player_;
};

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

Result<std::vector<ClipCue>> clips_of(const Settings& s, const SourceContext& c) {
  const std::string path =
      media_path(c.media_folder, setting<std::string>(description(), s, "file"));
  if (!path.ends_with(".csv") && !path.ends_with(".CSV")) {
    const auto seconds = [&](const char* name) {
      return Duration::microseconds(std::llround(setting<double>(description(), s, name) * 1e6));
    };
    ClipCue cue{path, seconds("in_s"), seconds("out_s")};
    if (cue.out.ns > 0 && cue.out <= cue.in)
      return Error{ErrorKind::FixInput, "clip \"" + path + "\": \"out_s\" is not after \"in_s\""};
    return std::vector<ClipCue>{std::move(cue)};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return Error{ErrorKind::NotFound,
                 "clip list \"" + path + "\" cannot be read; put it there or correct \"file\""};
  std::ostringstream text;
  text << file.rdbuf();
  auto clips = read_clip_list(text.str());
  if (!clips.ok()) return std::move(clips.error()).context("clip list \"" + path + "\"");
  for (auto& clip : *clips) clip.file = media_path(folder_of(path), clip.file);
  return clips;
}

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  auto clips = clips_of(s, c);
  if (!clips.ok()) return std::move(clips).error();
  auto source = std::make_unique<ClipSource>(std::move(clips).value(), c,
                                             setting<bool>(description(), s, "loop"));
  if (Status started = source->start(); !started.ok()) return std::move(started).error();
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind clip_kind() { return {description(), SourceNature::Film, open}; }

}  // namespace kakehashi
