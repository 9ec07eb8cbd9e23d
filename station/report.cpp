// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/report.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "encoder/decoder.h"
#include "station/door/codec.h"

namespace kakehashi {
namespace {

using nlohmann::json;

template <class... Args>
std::string words(const char* format, Args... args) {
  char line[600];
  std::snprintf(line, sizeof line, format, args...);
  return line;
}

constexpr double kSpokenDb = -45;  // at a microphone: louder than a hall that waits

class Lines {
 public:
  void check(bool good, const std::string& line) {
    text_ += (good ? "  ✓ " : "  × ") + line + "\n";
    good_ = good_ && good;
  }
  ReportText done() && { return {std::move(text_), good_}; }

 private:
  std::string text_;
  bool good_ = true;
};

double number(const json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_number() ? it->get<double>() : 0.0;
}

void report_inputs(const Snapshot& s, Lines& lines) {
  for (const auto& i : s.inputs)
    lines.check(
        i.signal == SignalState::Live || i.signal == SignalState::Holding,
        words("取り込み／captured: %s (%s) %s, %llu pictures, %llu restarts", i.name.ja.c_str(),
              i.kind.c_str(), i.format.c_str(), static_cast<unsigned long long>(i.captured),
              static_cast<unsigned long long>(i.restarts)));
}

void report_wire(const Snapshot& s, const json& ingest, Lines& lines) {
  std::uint64_t sent = 0, sound = 0, dropped = 0;
  for (const auto& o : s.outputs) {
    sent += o.video_packets;
    sound += o.audio_packets;
    dropped += o.dropped;
  }
  const double received = number(ingest, "pictures_received"),
               decoded = number(ingest, "pictures_decoded");
  // The station's figure is from just before it stopped: the receiver may have a few pictures more.
  const bool all = sent > 0 && received >= static_cast<double>(sent) && decoded >= received &&
                   number(ingest, "decode_errors") == 0;
  lines.check(all,
              words("映像／pictures: 送信 sent %llu, 受信 received %.0f, 再生できた decoded %.0f",
                    static_cast<unsigned long long>(sent), received, decoded));
  const double heard = number(ingest, "sound_samples_decoded") / kSampleRate;
  const double expected = static_cast<double>(sound) * 1024 / kSampleRate;
  lines.check(sound > 0 && heard >= expected - 0.5,
              words("音声／sound: 送信 sent %.1f s, 再生できた decoded %.1f s", expected, heard));
  const json latency = ingest.value("latency_ms", json::object());
  lines.check(number(ingest, "codes_read") > 0,
              words("取り込みから届くまで／glass to wire: median %.1f ms, p95 %.1f ms",
                    number(latency, "median"), number(latency, "p95")));
  const json offset = ingest.value("av_offset_ms", json::object());
  if (number(offset, "count") > 0)
    lines.check(std::abs(number(offset, "median")) <= 20,
                words("音と映像のずれ／A/V offset: %+.1f ms (+ 音が遅い sound late)",
                      number(offset, "median")));
  lines.check(
      (dropped + s.health.skipped_pictures) * 100 <= s.health.ticks,  // 1 %
      words("コマ落ち／drops: 送信 output %llu, 符号化 encoder %llu; 遅れ late ticks %llu of %llu",
            static_cast<unsigned long long>(dropped),
            static_cast<unsigned long long>(s.health.skipped_pictures),
            static_cast<unsigned long long>(s.health.late_ticks),
            static_cast<unsigned long long>(s.health.ticks)));
}

// A cue may open a microphone under a card (an announcement in the break); whoever rehearsed is to
// know that people at home heard it. None of a run whose figures do not tell.
void report_cards(const json& run, Lines& lines) {
  const auto cards = run.find("cards");
  if (cards == run.end() || !cards->is_object()) return;
  const int count = static_cast<int>(number(*cards, "count"));
  if (count == 0) return;
  const json microphones = cards->value("microphones", json::array());
  const std::string shown = words("ふた／cards: %d 回, %.0f s: ", count, number(*cards, "seconds"));
  if (microphones.empty())
    return lines.check(true, shown + "マイクはすべて閉じていました／every microphone was closed");
  std::string live;
  for (const json& m : microphones) {
    const double loudest = number(m, "loudest_db");
    live += (live.empty() ? "" : "、") + m.value("name", std::string()) +
            words(" %.1f s", number(m, "seconds")) +
            (loudest > kSpokenDb ? words("（声 sound %.0f dB）", loudest) : "（無音 silent）");
  }
  lines.check(true, shown + "ふた中に視聴者へ聞こえていたマイク／live under the card: " + live +
                        "。意図したものか確かめてください／was that meant?");
}

void report_recording(const std::string& path, const Snapshot& s, Lines& lines) {
  if (path.empty()) return lines.check(false, "録画／recording: なし none");
  const auto file = check_recording(path);
  if (!file) return lines.check(false, "録画／recording: " + path + ": " + file.error().message);
  lines.check(file->errors == 0 && file->seconds >= s.record.seconds - 1.0,
              words("録画／recording: %s — 再生できます plays, %.1f s, %llu pictures", path.c_str(),
                    file->seconds, static_cast<unsigned long long>(file->pictures)));
}

}  // namespace

ReportText make_report(const std::string& run_json, const std::string& ingest_json) {
  Lines lines;
  const json run = json::parse(run_json, nullptr, false);
  const json ingest = json::parse(ingest_json, nullptr, false);
  if (!run.is_object() || !run.contains("snapshot") || !ingest.is_object()) {
    lines.check(false, "統計ファイルが読めません／the statistics cannot be read");
    return std::move(lines).done();
  }
  const auto snapshot = parse_snapshot(run["snapshot"].dump());
  if (!snapshot) {
    lines.check(false, "run: " + snapshot.error().message);
    return std::move(lines).done();
  }
  report_inputs(*snapshot, lines);
  const auto wanted = static_cast<unsigned long long>(number(run, "script_takes"));
  lines.check(
      snapshot->takes >= wanted,
      words("切替／takes: %llu of %llu", static_cast<unsigned long long>(snapshot->takes), wanted));
  lines.check(snapshot->health.encoder_held_frames == 0,
              words("符号化／encoder: %s, ためる枚数 holds %d", snapshot->health.encoder.c_str(),
                    snapshot->health.encoder_held_frames));
  report_wire(*snapshot, ingest, lines);
  report_cards(run, lines);
  report_recording(run.value("recording", std::string()), *snapshot, lines);
  return std::move(lines).done();
}

}  // namespace kakehashi
