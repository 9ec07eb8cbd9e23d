// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ingest_main.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/clock.h"
#include "station/loop_back.h"

namespace kakehashi {
namespace {

constexpr Duration kLook = Duration::milliseconds(100);
constexpr Duration kSay = Duration::seconds(5);

Error cannot_write(const std::string& path) {
  return {ErrorKind::FixSetup,
          "statistics " + path + ": " + std::strerror(errno) + "; name a folder that exists"};
}

// A reader sees the old file or the new one, never half of it.
Status write_whole(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return cannot_write(path);
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t n = ::write(fd, text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    at += static_cast<std::size_t>(n);
  }
  const bool whole = at == text.size() && ::fsync(fd) == 0;
  if (::close(fd) != 0 || !whole || ::rename(part.c_str(), path.c_str()) != 0) {
    const Error e = cannot_write(path);
    ::unlink(part.c_str());
    return e;
  }
  return {};
}

void say(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

int write_stats(const IngestOptions& options, const std::vector<IngestReport>& reports) {
  if (options.stats_file.empty()) return 0;
  const Status s = write_whole(options.stats_file, ingest_reports_json(reports) + "\n");
  if (s) return 0;
  std::fprintf(stderr, "%s\n", s.error().message.c_str());
  return 4;
}

// For a parent: one line of JSON a second.
int run_progress(Ingest& ingest, const IngestOptions& options) {
  MonotonicClock clock;
  const MediaTime begin = clock.now();
  while (!(options.stop && options.stop->load()) &&
         (options.run_for.ns == 0 || clock.now() - begin < options.run_for)) {
    LoopBackStatus status = loop_back(ingest.report());
    status.running = ingest.receiving();
    say(loop_back_line(status) + "\n");
    for (int i = 0; i < 10 && !(options.stop && options.stop->load()); ++i)
      clock.sleep_until(clock.now() + kLook);
  }
  ingest.stop();
  return write_stats(options, ingest.reports());
}

}  // namespace

int run_ingest(const IngestOptions& options) {
  Result<std::unique_ptr<Ingest>> started = Ingest::start(options);
  if (!started) {
    std::fprintf(stderr, "%s\n", started.error().message.c_str());
    return started.error().kind == ErrorKind::FixInput ? 2 : 4;
  }
  Ingest& ingest = **started;
  if (options.progress) return run_progress(ingest, options);
  say("Practice receiver: send to " + ingest.url() + " (any stream key).\n");

  MonotonicClock clock;
  const MediaTime begin = clock.now();
  MediaTime said = begin;
  bool was_on = false;
  while (!(options.stop && options.stop->load()) &&
         (options.run_for.ns == 0 || clock.now() - begin < options.run_for)) {
    clock.sleep_until(clock.now() + kLook);
    const bool on = ingest.receiving();
    if (on != was_on) {
      say(on ? "A publisher is on.\n" : "The publisher has gone.\n");
      was_on = on;
    }
    if (!on || clock.now() - said < kSay) continue;
    said = clock.now();
    const IngestReport r = ingest.report();
    char line[160];
    int n = std::snprintf(line, sizeof line, "%6.1f s: %llu pictures decoded", r.seconds,
                          static_cast<unsigned long long>(r.pictures_decoded));
    if (r.latency_ms.count > 0)
      n += std::snprintf(line + n, sizeof line - static_cast<std::size_t>(n),
                         ", glass to wire %.1f ms", r.latency_ms.median);
    say(std::string(line, static_cast<std::size_t>(n)) + "\n");
  }
  ingest.stop();
  const std::vector<IngestReport> reports = ingest.reports();
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (reports.size() > 1) say("Stream " + std::to_string(i + 1) + ":\n");
    say(ingest_report_words(reports[i]));
  }
  return write_stats(options, reports);
}

}  // namespace kakehashi
