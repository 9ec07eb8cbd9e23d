// SPDX-License-Identifier: GPL-3.0-or-later
// One stream of the practice receiver: what one publisher sends, also over several connections. The
// receiving side hands messages in and never waits; a thread of its own ("ingest.decode") decodes
// and measures them.
#pragma once

#include <atomic>
#include <deque>
#include <fstream>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/bounded_queue.h"
#include "encoder/decoder.h"
#include "station/ingest_match.h"
#include "station/ingest_picture.h"
#include "station/ingest_sound.h"

namespace kakehashi {

class IngestStream {
 public:
  explicit IngestStream(std::vector<Rect> code_rects);
  ~IngestStream();  // stop()

  // Before the first message. One line per decoded picture. False: it cannot be written.
  bool list_frames(const std::string& path);

  // Receiving thread.
  void begin();
  void picture(std::uint32_t timestamp, MediaTime arrived, std::span<const std::uint8_t> body);
  void sound(std::uint32_t timestamp, MediaTime arrived, std::span<const std::uint8_t> body);
  void end(const std::string& reason);

  // Decodes what has arrived, then ends the thread.
  void stop();
  IngestReport report() const;  // any thread; of everything decoded so far

 private:
  struct Item {
    enum class Kind : std::uint8_t { Begin, Picture, Sound, End };
    Kind kind = Kind::Begin;
    std::uint32_t timestamp = 0;
    MediaTime arrived;
    std::vector<std::uint8_t> body;
  };
  bool hand_on(Item::Kind kind, std::uint32_t timestamp, MediaTime arrived,
               std::span<const std::uint8_t> body);
  void run();
  void work(const Item& item);
  void begin_session();
  void decode(const Item& item);
  Duration unwrap(std::uint32_t timestamp, std::size_t kind);
  void note_error(const Error& e);
  void on_picture(const DecodedPicture& p);
  double session_seconds() const;

  BoundedQueue<Item> road_;
  std::atomic<std::size_t> road_bytes_{0};
  std::atomic<std::uint64_t> received_{0}, skipped_{0}, sessions_{0};
  bool skipping_ = false;  // receiving thread: until the next keyframe

  // Decoding thread, under `mutex_`.
  mutable std::mutex mutex_;
  std::unique_ptr<StreamDecoder> decoder_;
  PictureMeter pictures_;
  SoundMeter sounds_;
  ProgramMatch match_;
  std::ofstream frames_;
  struct Arrival {
    Duration pts;
    MediaTime arrived;
    std::optional<PracticeNote> note;
  };
  std::deque<Arrival> arrivals_;
  MediaTime newest_arrival_;
  std::int64_t time_ms_ = -1;  // the session's timestamps without their 32-bit wrap; -1: none yet
  std::optional<std::uint32_t> last_time_[2];
  std::uint64_t errors_ = 0, backwards_ = 0;
  std::string first_error_, last_disconnect_;
  double seconds_before_ = 0;  // of finished sessions

  std::thread thread_;
};

}  // namespace kakehashi
