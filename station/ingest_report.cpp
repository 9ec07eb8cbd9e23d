// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ingest_report.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace kakehashi {
namespace {

// Three decimals say everything these figures know.
double rounded(double v) { return std::round(v * 1000) / 1000; }

template <class... Values>
std::string words(const char* format, Values... values) {
  char text[512];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

}  // namespace

namespace {

nlohmann::ordered_json as_json(const IngestReport& r) {
  return {
      {"publisher_sessions", r.publisher_sessions},
      {"last_disconnect", r.last_disconnect},
      {"pictures_received", r.pictures_received},
      {"pictures_decoded", r.pictures_decoded},
      {"pictures_skipped", r.pictures_skipped},
      {"decode_errors", r.decode_errors},
      {"first_error", r.first_error},
      {"sound_samples_decoded", r.sound_samples_decoded},
      {"seconds", rounded(r.seconds)},
      {"fps", rounded(r.fps)},
      {"fps_wall", rounded(r.fps_wall)},
      {"width", r.width},
      {"height", r.height},
      {"codes_read", r.codes_read},
      {"codes_unread", r.codes_unread},
      {"latency_ms",
       {{"count", r.latency_ms.count},
        {"median", rounded(r.latency_ms.median)},
        {"p95", rounded(r.latency_ms.p95)},
        {"p99", rounded(r.latency_ms.p99)},
        {"max", rounded(r.latency_ms.max)}}},
      {"repeated", r.repeated},
      {"missing", r.missing},
      {"keyframe_interval_s", rounded(r.keyframe_interval_s)},
      {"dts_backwards", r.dts_backwards},
      {"av_offset_ms",
       {{"count", r.av_offset_ms.count},
        {"median", rounded(r.av_offset_ms.median)},
        {"worst", rounded(r.av_offset_ms.worst)}}},
      {"tone_dbfs", rounded(r.tone_dbfs)},
      {"rms_dbfs", rounded(r.rms_dbfs)},
      {"longest_freeze_s", rounded(r.longest_freeze_s)},
      {"longest_silence_s", rounded(r.longest_silence_s)},
      {"longest_gap_s", rounded(r.longest_gap_s)},
      {"program",
       {{"pictures", r.program.pictures},
        {"wrong", r.program.wrong},
        {"missing", r.program.missing},
        {"delay_median_ms", rounded(r.program.delay_median_ms)},
        {"delay_p95_ms", rounded(r.program.delay_p95_ms)},
        {"delay_max_ms", rounded(r.program.delay_max_ms)},
        {"offsets", r.program.offsets},
        {"offset_median_ms", rounded(r.program.offset_median_ms)},
        {"offset_worst_ms", rounded(r.program.offset_worst_ms)},
        {"sound_lost_s", rounded(r.program.sound_lost_s)}}},
  };
}

// Words from outside (a peer's error) need not be valid UTF-8; then they are mended, not thrown.
std::string dumped(const nlohmann::ordered_json& j) {
  return j.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string ingest_report_json(const IngestReport& r) { return dumped(as_json(r)); }

std::string ingest_reports_json(const std::vector<IngestReport>& reports) {
  nlohmann::ordered_json j = as_json(reports.empty() ? IngestReport() : reports.front());
  for (const IngestReport& r : reports)
    if (reports.size() > 1) j["streams"].push_back(as_json(r));
  return dumped(j);
}

std::string ingest_report_words(const IngestReport& r) {
  if (r.publisher_sessions == 0) return "Nobody published.\n";
  using Count = unsigned long long;
  std::string t = words(
      "Received %llu pictures in %.1f s of stream, decoded %llu (%d x %d, %.2f a second).\n",
      Count{r.pictures_received}, r.seconds, Count{r.pictures_decoded}, r.width, r.height, r.fps);
  t += words("Sound: %.1f s decoded, level %.1f dBFS, longest silence %.2f s.\n",
             static_cast<double>(r.sound_samples_decoded) / kSampleRate, r.rms_dbfs,
             r.longest_silence_s);
  if (r.latency_ms.count > 0)
    t += words(
        "Glass to wire: median %.1f ms, 95 %% below %.1f ms, worst %.1f ms (%llu pictures).\n",
        r.latency_ms.median, r.latency_ms.p95, r.latency_ms.max, Count{r.latency_ms.count});
  else if (r.program.pictures == 0)
    t += "No picture carried a readable frame code, so the latency is unknown.\n";
  if (r.program.pictures > 0) {
    t += words(
        "Programme: %llu pictures with its invisible code, %llu missing, %llu not as sent; picture "
        "made to decoded: median %.0f ms, 95 %% below %.0f ms, worst %.0f ms.\n",
        Count{r.program.pictures}, Count{r.program.missing}, Count{r.program.wrong},
        r.program.delay_median_ms, r.program.delay_p95_ms, r.program.delay_max_ms);
    if (r.program.offsets > 0)
      t += words("Its sound against its picture: %+.1f ms (median of %llu s; + is late)%s",
                 r.program.offset_median_ms, Count{r.program.offsets},
                 r.program.sound_lost_s > 0 ? ", " : ".\n");
    if (r.program.sound_lost_s > 0) t += words("sound lost for %.0f s.\n", r.program.sound_lost_s);
  }
  if (r.codes_read > 0)
    t += words("Test pictures: %llu shown again, %llu missing, longest freeze %.2f s.\n",
               Count{r.repeated}, Count{r.missing}, r.longest_freeze_s);
  if (r.av_offset_ms.count > 0)
    t += words("Sound against picture: %+.1f ms (median of %llu; + is late).\n",
               r.av_offset_ms.median, Count{r.av_offset_ms.count});
  if (r.decode_errors > 0)
    t += words("%llu packets did not decode; the first: %s\n", Count{r.decode_errors},
               r.first_error.c_str());
  if (r.pictures_skipped > 0)
    t += words("%llu pictures were left out because this computer was too slow to decode them.\n",
               Count{r.pictures_skipped});
  if (r.publisher_sessions > 1 || !r.last_disconnect.empty())
    t += words("%llu connections; the last ended: %s\n", Count{r.publisher_sessions},
               r.last_disconnect.empty() ? "still on" : r.last_disconnect.c_str());
  return t;
}

}  // namespace kakehashi
