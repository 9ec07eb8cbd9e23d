// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the pictures of a received stream. Pure: pictures and their arrival times go in, figures
// come out. One owner.
#pragma once

#include <optional>
#include <vector>

#include "core/frame_code.h"
#include "encoder/decoder.h"
#include "station/ingest_report.h"

namespace kakehashi {

struct Flash {
  int session = 0;
  Duration pts;
};

// What one picture showed; for the frame list.
struct PictureNote {
  std::optional<FrameCode> code;
  int rect = -1;  // which candidate it stood in
  Duration latency;
};

class PictureMeter {
 public:
  // Where codes may stand, in pixels of the received picture. The place of a full-screen test
  // picture is always among them, as the last.
  explicit PictureMeter(std::vector<Rect> candidates) : rects_(std::move(candidates)) {}

  void begin_session(int session);
  PictureNote add(const DecodedPicture& picture, MediaTime arrived);
  void fill(IngestReport& report) const;
  const std::vector<Flash>& flashes() const { return flashes_; }
  // Stream time of the session so far: first and last pts; nothing before the first picture.
  std::optional<Duration> first_pts() const { return first_pts_; }
  Duration last_pts() const { return last_pts_; }

 private:
  void read_code(const DecodedPicture& p, PictureNote& note);
  void follow_code(const DecodedPicture& p, const PictureNote& note);
  bool looks_different(const DecodedPicture& p);

  std::vector<Rect> rects_;
  int width_ = 0, height_ = 0;
  std::vector<Rect> places_;  // rects_ and the default one for this size
  std::size_t good_ = 0;      // where the last code stood

  int session_ = 0;
  std::optional<Duration> first_pts_;  // of this session
  Duration last_pts_;
  MediaTime first_arrival_, last_arrival_;
  std::optional<Duration> last_key_;
  Duration changed_;  // pts of the last visible change
  std::vector<std::uint8_t> grid_;
  FrameCode last_;
  std::size_t last_place_ = 0;
  int since_code_ = 0;  // pictures since last_ was read; 0: none read in this session

  std::uint64_t pictures_ = 0, read_ = 0, unread_ = 0, repeated_ = 0, missing_ = 0;
  std::uint64_t intervals_ = 0;
  Duration span_, wall_span_;  // over all sessions: first to last picture
  Duration longest_key_, longest_freeze_, longest_gap_;
  std::vector<std::uint32_t> latency_;  // histogram, 0.1 ms each
  std::uint64_t latencies_ = 0;
  Duration latency_max_;
  std::vector<Flash> flashes_;
};

// Arrival minus a code's 44 bits of microseconds; the nearest moment is meant.
Duration code_age(MediaTime arrived, const FrameCode& code);

}  // namespace kakehashi
