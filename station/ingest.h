// SPDX-License-Identifier: GPL-3.0-or-later
// The practice receiver: an RTMP server that decodes everything sent to it and measures what a
// viewer would have got. Receiving (stamps) has a thread, decoding one per stream, with bounded
// roads between them, so that a slow decoder never falsifies an arrival time.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/show.h"
#include "station/ingest_report.h"

namespace kakehashi {

struct IngestOptions {
  std::string listen = "rtmp://127.0.0.1:1935/live";  // port 0: any free one
  // Where frame codes may stand, in pixels of the received picture (scenes that show a test source
  // scaled down). The place of a full-screen one need not be named.
  std::vector<Rect> code_rects;
  std::string frames_file;  // one line per decoded picture (CSV); empty: none

  // For run_ingest (station/ingest_main.h) only.
  std::string stats_file;                   // the report as JSON; empty: none
  Duration run_for;                         // zero: until `stop`
  const std::atomic<bool>* stop = nullptr;  // ends it early
  bool progress = false;  // lines of JSON on standard output instead of words, one a second
};

// Accepts up to eight streams at once. Who comes back under the same app and key goes on with his
// stream. Any thread.
class Ingest {
 public:
  // FixInput: the address is wrong; FixSetup: it cannot be listened on or the file not written.
  static Result<std::unique_ptr<Ingest>> start(const IngestOptions& options);
  ~Ingest();  // stop()

  std::string url() const;  // with the real port
  int port() const;
  bool receiving() const;  // a publisher is on
  // Of everything decoded so far: of the stream that came first; of all in the order they came,
  // at least one.
  IngestReport report() const;
  std::vector<IngestReport> reports() const;
  // Ends connections, decodes what has arrived, closes the frames file. Within about 1 s.
  void stop();

 private:
  struct Impl;
  explicit Ingest(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
