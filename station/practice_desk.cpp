// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/practice_desk.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "core/log.h"
#include "rtmp/url.h"
#include "station/loop_back.h"

namespace kakehashi {
namespace {

constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::chrono::milliseconds kListening(500);
constexpr Duration kFarewell = Duration::seconds(3);  // outputs say goodbye to it
constexpr Duration kStale = Duration::seconds(5);     // without a line the receiver is not running

// Whether we could listen there: somebody who already does keeps his port.
bool is_free(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                    ::listen(fd, 1) == 0;
  ::close(fd);
  return free;
}

}  // namespace

std::string practice_address(const Show& show, const std::map<std::string, std::string>& urls) {
  for (const Destination& d : show.destinations) {
    if (!d.enabled || d.scope != AudienceScope::Practice || d.kind != "rtmp") continue;
    std::string text;
    if (const auto over = urls.find(d.id); over != urls.end())
      text = over->second;
    else if (const auto own = d.settings.find("url"); own != d.settings.end())
      if (const auto* url = std::get_if<std::string>(&own->second)) text = *url;
    const auto url = rtmp::parse_url(text);
    if (!url || url->tls || (url->host != "127.0.0.1" && url->host != "localhost")) continue;
    return "rtmp://127.0.0.1:" + std::to_string(url->port) + (url->app.empty() ? "" : "/") +
           url->app;
  }
  return {};
}

PracticeDesk::PracticeDesk(Clock& clock, std::string program,
                           std::map<std::string, std::string> urls)
    : clock_(clock), program_(std::move(program)), urls_(std::move(urls)) {}

PracticeDesk::~PracticeDesk() { child_.reset(); }

void PracticeDesk::begin(const Show& show) {
  const std::lock_guard one(following_);
  last_live_ = clock_.now();
  start(program_.empty() ? std::string() : practice_address(show, urls_));
}

void PracticeDesk::follow(const Show& show, bool live) {
  const std::lock_guard one(following_);
  const MediaTime now = clock_.now();
  if (live) last_live_ = now;
  if (program_.empty()) return;
  if (live) {
    if (const std::string wanted = practice_address(show, urls_); wanted != address_) start(wanted);
  } else if (!address_.empty() && now - last_live_ > kFarewell) {
    start({});
  }
}

void PracticeDesk::start(const std::string& address) {
  child_.reset();
  address_ = address;
  {
    const std::lock_guard lock(mutex_);
    heard_.running = false;
    line_.clear();
    listens_ = false;
    if (!address.empty()) heard_ = {};
  }
  if (address.empty()) return;
  const auto url = rtmp::parse_url(address);
  if (!url || !is_free(url->port)) return;
  auto started =
      ChildProcess::start({.name = "ingest",
                           .argv = {program_, "ingest", "--listen", address, "--progress"},
                           .output = [this](std::string_view piece) { hear(piece); }});
  if (!started) return log_error("practice", started.error().message);
  child_ = std::move(*started);
  std::unique_lock lock(mutex_);
  heard_first_.wait_for(lock, kListening, [this] { return listens_; });
}

void PracticeDesk::hear(std::string_view piece) {
  const MediaTime now = clock_.now();
  const std::lock_guard lock(mutex_);
  for (const char c : piece) {
    if (c != '\n') {
      if (line_.size() < kLongestLine) line_ += c;
      continue;
    }
    if (const auto status = read_loop_back(line_)) {
      heard_ = *status;
      heard_at_ = now;
      listens_ = true;
      heard_first_.notify_all();
    }
    line_.clear();
  }
}

LoopBackStatus PracticeDesk::status() const {
  const MediaTime now = clock_.now();
  const std::lock_guard lock(mutex_);
  LoopBackStatus status = heard_;
  status.running = status.running && now - heard_at_ < kStale;
  return status;
}

}  // namespace kakehashi
