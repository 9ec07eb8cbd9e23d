// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/moving_letters.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <set>

#include "core/overlay_kind.h"

namespace kakehashi {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);  // b > 0
}

std::string digits(std::int64_t seconds) {
  char out[48];
  const auto h = static_cast<long long>(seconds / 3600),
             m = static_cast<long long>(seconds / 60 % 60),
             s = static_cast<long long>(seconds % 60);
  if (h > 0)
    std::snprintf(out, sizeof out, "%lld:%02lld:%02lld", h, m, s);
  else
    std::snprintf(out, sizeof out, "%lld:%02lld", m, s);
  return out;
}

// One page for each whole step since `zero`, from the one at `now` on.
template <class Say>
std::vector<MovingWords> steps(MediaTime zero, std::int64_t step_ns, MediaTime now, MediaTime until,
                               Say say) {
  std::vector<MovingWords> out;
  for (std::int64_t k = floor_div((now - zero).ns, step_ns);; ++k) {
    const MediaTime from = zero + Duration{k * step_ns};
    out.push_back({from, say(k)});
    if (from > now && from > until) return out;
  }
}

// Counts down to `zero`, then says `over` for good.
std::vector<MovingWords> down_to(MediaTime zero, MediaTime now, MediaTime until,
                                 const std::string& over) {
  if (now >= zero) return {{zero, over}};
  auto out = steps(zero, kSecond, now, std::min(until, zero),
                   [&](std::int64_t k) { return k < 0 ? digits(-k) : over; });
  while (out.size() > 1 && out.back().from > zero) out.pop_back();
  return out;
}

bool read_two(const char*& at, const char* end, int most, int& out) {
  int value = 0;
  const auto [next, error] = std::from_chars(at, std::min(end, at + 2), value);
  if (error != std::errc{} || value < 0 || value > most) return false;
  at = next;
  out = value;
  return true;
}

}  // namespace

std::optional<WallTarget> parse_target(const std::string& text) {
  WallTarget target;
  const char* at = text.data();
  const char* end = at + text.size();
  if (text.size() > 11 && text[4] == '-' && text[7] == '-' &&
      (text[10] == 'T' || text[10] == ' ')) {
    int year = 0, month = 0, day = 0;
    const auto read = [&](std::size_t from, std::size_t count, int& out) {
      const char* stop = text.data() + from + count;
      const auto [next, error] = std::from_chars(text.data() + from, stop, out);
      return error == std::errc{} && next == stop;
    };
    if (!read(0, 4, year) || !read(5, 2, month) || !read(8, 2, day)) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    target.day = std::chrono::sys_days{date}.time_since_epoch().count();
    at += 11;
  }
  int h = 0, m = 0, s = 0;
  if (!read_two(at, end, 24, h) || at == end || *at++ != ':' || end - at < 2 ||
      !read_two(at, end, 59, m))
    return std::nullopt;
  if (at != end && (*at++ != ':' || end - at != 2 || !read_two(at, end, 59, s)))
    return std::nullopt;
  target.seconds = h * 3600 + m * 60 + s;
  if (at != end || target.seconds > 86'400) return std::nullopt;
  return target;
}

std::int64_t target_ns(const WallTarget& target, std::int64_t shown_now_ns) {
  if (target.day) return *target.day * kDay + target.seconds * kSecond;
  const std::int64_t first = shown_now_ns - 6 * 3600 * kSecond;
  const std::int64_t in_day = target.seconds * kSecond;
  return floor_div(first - in_day + kDay - 1, kDay) * kDay + in_day;
}

std::string time_of_day(const WallTarget& target) {
  char out[16];
  std::snprintf(out, sizeof out, "%d:%02d", target.seconds / 3600, target.seconds / 60 % 60);
  return out;
}

std::vector<MovingWords> moving_words(const Overlay& overlay, const OverlayState& state,
                                      const WallTime& wall, Language language, MediaTime now,
                                      MediaTime until) {
  const Duration running = state.timer_running ? now - state.timer_since : Duration{};
  if (overlay.kind == "clock") {
    const bool seconds =
        setting<bool>(*find_kind(overlay_kind_table(), "clock"), overlay.settings, "seconds");
    const std::int64_t step = seconds ? kSecond : 60 * kSecond;
    return steps(wall.when(0), step, now, until, [&](std::int64_t k) {
      const std::int64_t of_day = (k * (step / kSecond)) % 86'400;
      char out[32];
      std::snprintf(out, sizeof out, seconds ? "%d:%02d:%02d" : "%d:%02d",
                    static_cast<int>(of_day / 3600), static_cast<int>(of_day / 60 % 60),
                    static_cast<int>(of_day % 60));
      return std::string(out);
    });
  }
  if (overlay.kind == "stopwatch") {
    if (!state.timer_running)
      return {{state.timer_since, digits(floor_div(state.timer_gone.ns, kSecond))}};
    return steps(state.timer_since - state.timer_gone, kSecond, now, until,
                 [](std::int64_t k) { return digits(std::max<std::int64_t>(0, k)); });
  }
  if (overlay.kind != "countdown") return {};
  const std::string over = over_words(overlay, language);
  if (const std::string to = text_setting(overlay, "to"); !to.empty()) {
    const auto target = parse_target(to);
    if (!target) return {};
    return down_to(wall.when(target_ns(*target, wall.shown_at(now))), now, until, over);
  }
  const double minutes =
      setting<double>(*find_kind(overlay_kind_table(), "countdown"), overlay.settings, "minutes");
  if (!(minutes > 0)) return {};
  const Duration length = Duration::seconds(std::llround(minutes * 60));
  const Duration left = length - state.timer_gone - running;
  if (state.timer_running && left.ns > 0) return down_to(now + left, now, until, over);
  if (left.ns <= 0) return {{state.timer_since + (length - state.timer_gone), over}};
  return {{state.timer_since, digits(floor_div(left.ns + kSecond - 1, kSecond))}};
}

std::vector<MovingWords> moving_words(const HoldingCard& card, const WallTime& wall,
                                      Language language, MediaTime now, MediaTime until) {
  const auto target = parse_target(card.countdown_to);
  if (!target) return {};
  return down_to(wall.when(target_ns(*target, wall.shown_at(now))), now, until,
                 over_words(card, language));
}

std::string timer_heading(const Overlay& overlay, Language language) {
  const bool ja = language == Language::Japanese;
  if (std::string own = text_setting(overlay, "text"); !own.empty()) return own;
  if (overlay.kind != "countdown") return {};
  if (!text_setting(overlay, "to").empty()) return ja ? "開始まで" : "Starts in";
  return ja ? "残り" : "Left";
}

std::string timer_sample(const Overlay& overlay) {
  if (overlay.kind == "clock")
    return setting<bool>(*find_kind(overlay_kind_table(), "clock"), overlay.settings, "seconds")
               ? "14:05:30"
               : "14:05";
  if (overlay.kind == "stopwatch") return "0:00";
  const double minutes =
      setting<double>(*find_kind(overlay_kind_table(), "countdown"), overlay.settings, "minutes");
  return digits(minutes > 0 ? std::llround(minutes * 60) : 600);
}

std::string over_words(const HoldingCard& card, Language language) {
  const bool ja = language == Language::Japanese;
  switch (card.kind) {
    case CardKind::Break:
    case CardKind::Trouble:
      return ja ? "まもなく再開します" : "Back in a moment";
    case CardKind::Ending:
      return ja ? "まもなく終了します" : "Ending in a moment";
    case CardKind::Other:
    case CardKind::Opening:
    case CardKind::Soon:
      break;
  }
  return ja ? "まもなく始まります" : "Starting in a moment";
}

std::string over_words(const Overlay& overlay, Language language) {
  const bool ja = language == Language::Japanese;
  if (std::string own = text_setting(overlay, "done"); !own.empty()) return own;
  if (!text_setting(overlay, "to").empty()) return ja ? "まもなく始まります" : "Starting soon";
  return ja ? "時間です" : "Time is up";
}

std::vector<OverlayPlace> overlay_places(const Overlay& overlay, const Show& show) {
  std::vector<OverlayPlace> out;
  std::set<std::string> done;
  const bool own = overlay.rect.w > 0;  // the same in every scene that it does not disturb
  bool everywhere = own;
  for (const Scene& scene : show.scenes) {
    everywhere = everywhere || scene.layout.empty();
    if (!scene.layout.empty() && done.insert(scene.layout).second)
      out.push_back({scene.layout, overlay_place(overlay, scene, show.canvas)});
  }
  if (own) std::erase_if(out, [&](const OverlayPlace& p) { return p.rect == overlay.rect; });
  if (everywhere)
    if (const auto rect = overlay_place(overlay, Scene{}, show.canvas)) out.push_back({{}, rect});
  return out;
}

}  // namespace kakehashi
