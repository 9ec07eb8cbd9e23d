// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/caption_desk.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "core/overlay_kind.h"
#include "mixer/caption_place.h"
#include "mixer/switcher.h"

namespace kakehashi {
namespace {

constexpr std::size_t kMostPrepared = 2000;     // lines
constexpr std::size_t kMostFile = 1024 * 1024;  // bytes
// Between the same words broken for one format and for the next.
constexpr char kNextFormat = '\x1D';

Text no_captions() {
  return {"その字幕は、今の行事にありません。→ 今出ている一覧から選び直してください。",
          "The event has no such captions now. -> Choose again from what is shown."};
}

std::string text_of(const Overlay& overlay, const char* name) {
  return setting<std::string>(find_overlay_kind("caption")->description, overlay.settings, name);
}

std::vector<CaptionFormat> formats_of(const Overlay& overlay, const Show& show) {
  std::vector<CaptionFormat> formats;
  for (const OverlayPlace& place : overlay_places(overlay, show)) {
    if (!place.rect) continue;
    const CaptionFormat format = caption_place(overlay, *place.rect, show.canvas).format;
    if (std::find(formats.begin(), formats.end(), format) == formats.end())
      formats.push_back(format);
  }
  if (formats.empty()) formats.emplace_back();
  return formats;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const auto& line : lines) all += (all.empty() ? "" : "\n") + line;
  return all;
}

std::string part(const std::string& words, std::size_t which) {
  std::size_t from = 0;
  for (; which > 0; --which) {
    from = words.find(kNextFormat, from);
    if (from == std::string::npos) return {};
    ++from;
  }
  return words.substr(from, words.find(kNextFormat, from) - from);
}

std::shared_ptr<const OverlayImage> nothing_at(const Rect& rect) {
  auto image = std::make_shared<OverlayImage>();
  image->rect = {rect.x & ~1, rect.y & ~1, 2, 2};
  image->stride_y = image->stride_uv = 32;
  image->y.assign(64, 16);
  image->alpha.assign(64, 0);
  image->u.assign(32, 128);
  image->v.assign(32, 128);
  return image;
}

// What each roll says from one change of any of them to the next.
std::vector<MovingWords> merged(const std::vector<std::vector<CaptionPage>>& rolls, MediaTime now,
                                MediaTime until) {
  std::set<std::int64_t> times;
  std::int64_t first = 0;
  for (const auto& pages : rolls) {
    first = std::max(first, pages.front().from.ns);
    for (const auto& page : pages)
      if (page.from > now) times.insert(page.from.ns);
  }
  times.insert(first);
  std::vector<MovingWords> words;
  for (const std::int64_t t : times) {
    MovingWords page{{t}, {}};
    bool any = false;
    for (const auto& pages : rolls) {
      const auto after = std::find_if(std::next(pages.begin()), pages.end(),
                                      [t](const CaptionPage& p) { return p.from.ns > t; });
      const auto& lines = std::prev(after)->lines;
      any = any || !lines.empty();
      if (&pages != &rolls.front()) page.words += kNextFormat;
      page.words += joined(lines);
    }
    if (!any) page.words.clear();
    words.push_back(std::move(page));
    if (t > until.ns) break;  // beyond the first of them not all rolls have been asked
  }
  return words;
}

}  // namespace

class CaptionDesk::Pages final : public PageSource {
 public:
  Pages(CaptionDesk& desk, Paint paint) : desk_(desk), paint_(std::move(paint)) {}

  void add(const Moment& moment, const WallTime&, MediaTime now, MediaTime until,
           std::vector<MovingThing>& out) override {
    const auto& show = moment.stage->show;
    for (std::size_t i = 0; i < show->overlays.size() && i < moment.live.overlays.size(); ++i) {
      const Overlay& overlay = show->overlays[i];
      const OverlayState& state = moment.live.overlays[i];
      if (overlay.kind != "caption") continue;
      if (!state.on && overlay_opacity(overlay, state, now) <= 0) continue;
      std::vector<CaptionFormat> formats;
      auto words = desk_.words_of(overlay.id, now, until, formats);
      if (words.empty()) continue;
      out.push_back({overlay.id, std::move(words), overlay_places(overlay, *show),
                     [this, show, &overlay, formats](const std::string& all, const Rect& rect) {
                       return paint(*show, overlay, formats, all, rect);
                     }});
    }
  }

 private:
  Result<std::shared_ptr<const OverlayImage>> paint(const Show& show, const Overlay& overlay,
                                                    const std::vector<CaptionFormat>& formats,
                                                    const std::string& all,
                                                    const Rect& rect) const {
    const CaptionFormat format = caption_place(overlay, rect, show.canvas).format;
    const auto which = std::find(formats.begin(), formats.end(), format);
    const std::string words = which == formats.end()
                                  ? std::string()
                                  : part(all, static_cast<std::size_t>(which - formats.begin()));
    if (words.empty()) return nothing_at(rect);
    Overlay placed = overlay;
    placed.rect = rect;
    return paint_(placed, show, words);
  }
  CaptionDesk& desk_;
  const Paint paint_;
};

std::unique_ptr<PageSource> CaptionDesk::pages(Paint paint) {
  return std::make_unique<Pages>(*this, std::move(paint));
}

// A feed's thread may be on its way in here while it is ended: never with the lock held.
CaptionDesk::~CaptionDesk() { set_show(std::make_shared<const Show>()); }

CaptionDesk::Track* CaptionDesk::find(const std::string& overlay) {
  const auto it = tracks_.find(overlay);
  return it == tracks_.end() ? nullptr : &it->second;
}

void CaptionDesk::set_show(const std::shared_ptr<const Show>& show) {
  std::map<std::string, Track> next;
  std::map<std::string, Track> old;
  {
    const std::lock_guard lock(mutex_);
    for (const Overlay& overlay : show->overlays) {
      if (overlay.kind != "caption") continue;
      const auto formats = formats_of(overlay, *show);
      Track* before = find(overlay.id);
      const auto same_formats = [&] {
        return std::equal(
            before->rolls.begin(), before->rolls.end(), formats.begin(), formats.end(),
            [](const CaptionRoll& r, const CaptionFormat& f) { return r.format() == f; });
      };
      if (before && before->overlay == overlay && same_formats())
        next[overlay.id] = std::move(*before);
    }
    old.swap(tracks_);
    tracks_ = std::move(next);
    show_ = show;
  }
  old.clear();  // feeds end before new ones take their ports
  for (const Overlay& overlay : show->overlays) {
    if (overlay.kind != "caption") continue;
    {
      const std::lock_guard lock(mutex_);
      if (find(overlay.id)) continue;
    }
    Track track = make_track(overlay, *show);
    const std::lock_guard lock(mutex_);
    Track& kept = tracks_[overlay.id] = std::move(track);
    open_feed(kept);  // its thread waits for the lock before it adds anything
  }
}

CaptionDesk::Track CaptionDesk::make_track(const Overlay& overlay, const Show& show) {
  Track track;
  track.overlay = overlay;
  for (const CaptionFormat& format : formats_of(overlay, show)) track.rolls.emplace_back(format);
  read_prepared(track);
  return track;
}

void CaptionDesk::read_prepared(Track& track) const {
  std::string text = text_of(track.overlay, "prepared");
  if (std::string path = text_of(track.overlay, "file"); !path.empty()) {
    if (path.front() != '/' && !media_folder_.empty()) path = media_folder_ + "/" + path;
    std::ifstream in(path, std::ios::binary);
    std::string file(kMostFile, '\0');
    in.read(file.data(), static_cast<std::streamsize>(file.size()));
    file.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
    if (file.empty())
      track.fault = {"用意した字幕のファイルを読めません。→ ファイルの場所を確認",
                     "The file of prepared captions cannot be read. -> Check where it is"};
    text += (text.empty() ? "" : "\n") + file;
  }
  for (std::size_t from = 0; from < text.size() && track.prepared.size() < kMostPrepared;) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    std::string line = clean_caption(std::string_view(text).substr(from, end - from));
    if (!line.empty()) track.prepared.push_back(std::move(line));
    from = end + 1;
  }
}

void CaptionDesk::open_feed(Track& track) {
  const std::string wanted = text_of(track.overlay, "feed");
  if (wanted.empty()) return;
  auto spec = parse_caption_feed(wanted, media_folder_);
  if (!spec) {
    track.fault = {"字幕の入口の書き方が違います。→ tcp:9000 のように指定",
                   "The caption feed is written wrongly. -> Write it like tcp:9000"};
    return;
  }
  const std::string id = track.overlay.id;
  track.feed = std::make_unique<CaptionFeed>(
      *spec, id, [this, id](const std::string& text) { (void)add(id, text); });
}

Status CaptionDesk::show_line(const std::string& overlay, int line) {
  const std::lock_guard lock(mutex_);
  Track* track = find(overlay);
  if (!track)
    return Error{ErrorKind::FixInput, "caption: no caption overlay is called \"" + overlay + "\"",
                 no_captions()};
  const int lines = static_cast<int>(track->prepared.size());
  if (line < 0 || line > lines)
    return Error{ErrorKind::FixInput,
                 "caption: \"" + overlay + "\" has lines 1 to " + std::to_string(lines) + ", not " +
                     std::to_string(line),
                 {"その行はありません。→ 用意した字幕の行数を確かめてください。",
                  "There is no such line. -> Check how many caption lines are prepared."}};
  const MediaTime now = clock_.now();
  for (CaptionRoll& roll : track->rolls)
    if (line == 0)
      roll.clear(now);
    else
      roll.show(track->prepared[static_cast<std::size_t>(line - 1)], now);
  if (line > 0) track->line = line;
  return {};
}

Status CaptionDesk::add(const std::string& overlay, const std::string& text) {
  const std::lock_guard lock(mutex_);
  Track* track = find(overlay);
  if (!track)
    return Error{ErrorKind::FixInput,
                 "caption_text: no caption overlay is called \"" + overlay + "\"", no_captions()};
  const MediaTime now = clock_.now();
  for (CaptionRoll& roll : track->rolls) roll.add(text, now);
  return {};
}

std::vector<CaptionStatus> CaptionDesk::status(const std::string& scene, MediaTime now) const {
  const std::lock_guard lock(mutex_);
  std::vector<CaptionStatus> all;
  if (!show_) return all;
  const Scene* on_program = find_by_id(show_->scenes, scene);
  for (const Overlay& overlay : show_->overlays) {
    const auto it = tracks_.find(overlay.id);
    if (it == tracks_.end()) continue;
    const Track& track = it->second;
    CaptionStatus s;
    s.id = overlay.id;
    const CaptionRoll* roll = &track.rolls.front();
    if (on_program)
      if (const auto rect = overlay_place(overlay, *on_program, show_->canvas))
        for (const CaptionRoll& r : track.rolls)
          if (r.format() == caption_place(overlay, *rect, show_->canvas).format) roll = &r;
    s.shown = roll->pages(now, now).front().lines;
    s.line = track.line;
    s.lines = static_cast<int>(track.prepared.size());
    if (s.line < s.lines) s.next = track.prepared[static_cast<std::size_t>(s.line)];
    s.reason = track.feed && track.fault.ja.empty() ? track.feed->reason() : track.fault;
    all.push_back(std::move(s));
  }
  return all;
}

std::vector<MovingWords> CaptionDesk::words_of(const std::string& overlay, MediaTime now,
                                               MediaTime until,
                                               std::vector<CaptionFormat>& formats) {
  const std::lock_guard lock(mutex_);
  Track* track = find(overlay);
  if (!track) return {};
  std::vector<std::vector<CaptionPage>> rolls;
  for (CaptionRoll& roll : track->rolls) {
    formats.push_back(roll.format());
    rolls.push_back(roll.pages(now, until));
  }
  return merged(rolls, now, until);
}

int CaptionDesk::feed_port(const std::string& overlay) const {
  const std::lock_guard lock(mutex_);
  const auto it = tracks_.find(overlay);
  return it != tracks_.end() && it->second.feed ? it->second.feed->port() : 0;
}

}  // namespace kakehashi
