// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/loop_back.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace kakehashi {
namespace {

constexpr double kEnough = 3;         // s: before that every figure is an accident
constexpr double kLongFreeze = 1.0;   // s
constexpr double kLongSilence = 5.0;  // s
constexpr double kSlow = 1000;        // ms
// EBU R 37: sound at most 40 ms early and 60 ms late at the end of the chain.
constexpr double kEarly = -40, kLate = 60;
constexpr double kMostMissing = 0.01;

template <class... Values>
std::string words(const char* format, Values... values) {
  char text[300];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

struct Fault {
  const char* id;
  Severity severity;
  Text what, action;
};

std::vector<Fault> faults(const LoopBackStatus& s) {
  std::vector<Fault> found;
  if (!s.running || s.seconds < kEnough) return found;
  if (s.longest_freeze_s > kLongFreeze)
    found.push_back({"freeze",
                     Severity::Fault,
                     {words("練習の受信で、映像が%.1f秒止まりました。", s.longest_freeze_s),
                      words("In the practice the picture stood for %.1f s.", s.longest_freeze_s)},
                     {"ほかのソフトを閉じて、もう一度練習してください。",
                      "Close other programs and practise again."}});
  if (s.longest_silence_s > kLongSilence)
    found.push_back(
        {"silence",
         Severity::Caution,
         {words("練習の受信で、音が%.0f秒ありませんでした。", s.longest_silence_s),
          words("In the practice there was no sound for %.0f s.", s.longest_silence_s)},
         {"マイクが開いているか確かめてください。", "Check that a microphone is open."}});
  if (s.av_known && (s.av_offset_ms < kEarly || s.av_offset_ms > kLate))
    found.push_back({"lips",
                     Severity::Caution,
                     {words("練習の受信で、音が映像より%.0fミリ秒%sです。",
                            std::abs(s.av_offset_ms), s.av_offset_ms > 0 ? "遅い" : "早い"),
                      words("In the practice the sound is %.0f ms %s.", std::abs(s.av_offset_ms),
                            s.av_offset_ms > 0 ? "late" : "early")},
                     {"機材テストで映像と音のずれを測ってください。",
                      "Measure picture against sound in the equipment test."}});
  if (s.delay_ms > kSlow)
    found.push_back({"delay",
                     Severity::Caution,
                     {words("練習の受信まで%.1f秒かかっています。", s.delay_ms / 1000),
                      words("It takes %.1f s to the practice receiver.", s.delay_ms / 1000)},
                     {"ほかのソフトを閉じてください。", "Close other programs."}});
  if (static_cast<double>(s.missing) > s.seconds * 30 * kMostMissing)
    found.push_back({"missing",
                     Severity::Caution,
                     {words("練習の受信で、映像が%llu枚抜けました。",
                            static_cast<unsigned long long>(s.missing)),
                      words("In the practice %llu pictures were missing.",
                            static_cast<unsigned long long>(s.missing))},
                     {"画質の設定を下げてください。", "Choose a lower quality."}});
  return found;
}

}  // namespace

LoopBackStatus loop_back(const IngestReport& r) {
  LoopBackStatus s;
  const bool program = r.program.pictures > 0;
  s.running = true;
  s.seconds = r.seconds;
  if (program)
    s.delay_ms = r.program.delay_median_ms;
  else if (r.latency_ms.count > 0)
    s.delay_ms = r.latency_ms.median;
  if (r.av_offset_ms.count >= 2) {  // test pictures: exact
    s.av_offset_ms = r.av_offset_ms.median;
    s.av_known = true;
  } else if (r.program.offsets >= 2) {
    s.av_offset_ms = r.program.offset_median_ms;
    s.av_known = true;
  }
  // A still slide is no freeze and a pause no loss, where we can tell.
  s.longest_freeze_s = program ? r.longest_gap_s : r.longest_freeze_s;
  s.longest_silence_s =
      program && r.sound_samples_decoded > 0 ? r.program.sound_lost_s : r.longest_silence_s;
  if (r.sound_samples_decoded == 0) s.longest_silence_s = r.seconds;
  s.missing = program ? r.program.missing + r.program.wrong : r.missing;
  if (const auto found = faults(s); !found.empty()) {
    s.verdict = found.front().what;
  } else if (s.seconds >= kEnough) {
    s.verdict = {"映像も音も届いています。", "Picture and sound arrive well."};
    if (s.delay_ms >= 0) {
      s.verdict.ja = words("映像も音も届いています（%.0fミリ秒後）。", s.delay_ms);
      s.verdict.en = words("Picture and sound arrive well (%.0f ms later).", s.delay_ms);
    }
  }
  s.running = false;
  return s;
}

std::vector<Message> loop_back_messages(const LoopBackStatus& status) {
  std::vector<Message> messages;
  for (const Fault& f : faults(status))
    messages.push_back({std::string("loop_back.") + f.id, f.severity, f.what, f.action});
  return messages;
}

std::string loop_back_line(const LoopBackStatus& s) {
  const nlohmann::ordered_json j = {{"loop_back", s.running},
                                    {"seconds", s.seconds},
                                    {"delay_ms", s.delay_ms},
                                    {"av_offset_ms", s.av_offset_ms},
                                    {"av_known", s.av_known},
                                    {"longest_freeze_s", s.longest_freeze_s},
                                    {"longest_silence_s", s.longest_silence_s},
                                    {"missing", s.missing},
                                    {"ja", s.verdict.ja},
                                    {"en", s.verdict.en}};
  return j.dump();
}

std::optional<LoopBackStatus> read_loop_back(std::string_view line) {
  const auto j = nlohmann::json::parse(line, nullptr, false);
  if (!j.is_object() || !j.contains("loop_back")) return std::nullopt;
  const auto number = [&](const char* name) {
    const auto it = j.find(name);
    return it != j.end() && it->is_number() ? it->get<double>() : 0.0;
  };
  const auto flag = [&](const char* name) {
    const auto it = j.find(name);
    return it != j.end() && it->is_boolean() && it->get<bool>();
  };
  const auto text = [&](const char* name) {
    const auto it = j.find(name);
    return it != j.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  LoopBackStatus s;
  s.running = flag("loop_back");
  s.seconds = number("seconds");
  s.delay_ms = number("delay_ms");
  s.av_offset_ms = number("av_offset_ms");
  s.av_known = flag("av_known");
  s.longest_freeze_s = number("longest_freeze_s");
  s.longest_silence_s = number("longest_silence_s");
  s.missing = static_cast<std::uint64_t>(std::max(0.0, number("missing")));
  s.verdict = {text("ja"), text("en")};
  return s;
}

}  // namespace kakehashi
