// SPDX-License-Identifier: GPL-3.0-or-later
// What the practice receiver found out about the stream a viewer would have got. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"

namespace kakehashi {

struct IngestReport {
  std::uint64_t publisher_sessions = 0;  // accepted publishes
  std::string last_disconnect;           // why the last one ended; empty while one is on

  std::uint64_t pictures_received = 0;  // whole messages with a picture
  std::uint64_t pictures_decoded = 0;
  std::uint64_t pictures_skipped = 0;  // not decoded because this machine was too slow
  std::uint64_t decode_errors = 0;     // packets, picture and sound
  std::string first_error;
  std::uint64_t sound_samples_decoded = 0;  // per channel
  double seconds = 0;                       // stream time of all sessions
  double fps = 0;                           // from timestamps
  double fps_wall = 0;                      // from arrivals
  int width = 0, height = 0;                // of the last picture
  double keyframe_interval_s = 0;           // longest
  std::uint64_t dts_backwards = 0;          // timestamps smaller than the one before

  // From the frame codes (core/frame_code.h). A picture that shows the same code again is
  // `repeated` and does not enter the latency; numbers left out are `missing`. Jumps of another
  // kind (a cut to another source) are neither.
  std::uint64_t codes_read = 0, codes_unread = 0;
  std::uint64_t repeated = 0, missing = 0;
  struct {
    std::uint64_t count = 0;
    double median = 0, p95 = 0, p99 = 0, max = 0;
  } latency_ms;  // arrival of the picture's last byte - capture

  // Beep - flash in stream time; positive: the sound is late.
  struct {
    std::uint64_t count = 0;
    double median = 0;
    double worst = 0;  // farthest from zero, with its sign
  } av_offset_ms;

  // 0 dBFS is a sine that just reaches full scale for tone_dbfs, a square wave for rms_dbfs;
  // -120 without sound. tone_dbfs is the 1 kHz part while it sounds (loudest 2 % of the time).
  double tone_dbfs = -120, rms_dbfs = -120;

  // Longest stretch of one session, in stream time, in which the picture did not visibly change
  // (a still slide counts) or the sound stayed below -50 dBFS.
  double longest_freeze_s = 0, longest_silence_s = 0;
  double longest_gap_s = 0;  // between two pictures' arrivals, within a session

  // Of pictures that carry a practice note (station/practice_code.h), whatever they show.
  struct {
    std::uint64_t pictures = 0;  // 0: none carried one, the rest says nothing
    std::uint64_t wrong = 0;     // what was decoded is not what was sent
    std::uint64_t missing = 0;   // program pictures between two that came
    double delay_median_ms = 0, delay_p95_ms = 0, delay_max_ms = 0;  // light taken -> decoded here
    std::uint64_t offsets = 0;  // how often the sound's place was found, once a second at most
    double offset_median_ms = 0, offset_worst_ms = 0;  // positive: the sound is late
    double sound_lost_s = 0;  // could be heard on programme, and nothing of it arrived
  } program;
};

// One JSON object, several lines, the fields named as above.
std::string ingest_report_json(const IngestReport& report);

// The first stream's fields; with several, all of them once more in "streams".
std::string ingest_reports_json(const std::vector<IngestReport>& reports);

// The same in some sentences for a person.
std::string ingest_report_words(const IngestReport& report);

}  // namespace kakehashi
