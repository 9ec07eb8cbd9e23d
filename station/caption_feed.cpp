// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/caption_feed.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/log.h"
#include "core/thread.h"
#include "station/caption_listener.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr auto kRound = 50ms;
constexpr auto kAgain = 1s;

Error wrong(const std::string& setting) {
  return {ErrorKind::FixInput, "caption feed \"" + setting +
                                   "\" is not file:PATH, tcp:PORT or http:PORT; correct \"feed\""};
}

// What a file gets appended.
class Tail {
 public:
  explicit Tail(std::string path) : path_(std::move(path)) {}
  ~Tail() { close(); }
  Tail(const Tail&) = delete;
  Tail& operator=(const Tail&) = delete;

  // False: it is not there.
  bool read(std::string& out) {
    struct stat now {};
    if (::stat(path_.c_str(), &now) != 0 || !S_ISREG(now.st_mode)) {
      close();
      first_ = false;  // one that is made later is read from its beginning
      return false;
    }
    if (file_ >= 0 && (now.st_ino != inode_ || now.st_size < at_)) close();
    if (file_ < 0) {
      file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
      if (file_ < 0) return false;
      inode_ = now.st_ino;
      at_ = first_ ? now.st_size : 0;
      first_ = false;
    }
    char bytes[16 * 1024];
    const ssize_t n = ::pread(file_, bytes, sizeof bytes, at_);
    if (n > 0) {
      out.append(bytes, static_cast<std::size_t>(n));
      at_ += n;
    }
    return true;
  }

 private:
  void close() {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
  }
  const std::string path_;
  int file_ = -1;
  ino_t inode_ = 0;
  off_t at_ = 0;
  bool first_ = true;
};

}  // namespace

Result<CaptionFeedSpec> parse_caption_feed(const std::string& setting, const std::string& folder) {
  const std::size_t colon = setting.find(':');
  if (colon == std::string::npos) return wrong(setting);
  const std::string kind = setting.substr(0, colon);
  std::string rest = setting.substr(colon + 1);
  CaptionFeedSpec spec;
  if (kind == "file") {
    if (rest.empty()) return wrong(setting);
    spec.path = rest.front() == '/' || folder.empty() ? rest : folder + "/" + rest;
    return spec;
  }
  if (kind != "tcp" && kind != "http") return wrong(setting);
  spec.kind = kind == "tcp" ? CaptionFeedSpec::Kind::Tcp : CaptionFeedSpec::Kind::Http;
  if (const std::size_t last = rest.rfind(':'); last != std::string::npos) {
    spec.address = rest.substr(0, last);
    rest = rest.substr(last + 1);
    if (!is_address(spec.address)) return wrong(setting);
  }
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), spec.port);
  if (error != std::errc() || end != rest.data() + rest.size() || spec.port < 0 ||
      spec.port > 65535)
    return wrong(setting);
  return spec;
}

struct CaptionFeed::Impl {
  Impl(CaptionFeedSpec s, std::string n, Sink to)
      : spec(std::move(s)), name(std::move(n)), sink(std::move(to)) {}

  const CaptionFeedSpec spec;
  const std::string name;
  const Sink sink;
  std::atomic<bool> stop{false};
  std::condition_variable ended;
  std::atomic<int> port{0};
  mutable std::mutex mutex;
  Text reason;
  SteadyTime window{}, crowded{};
  int in_window = 0;
  std::thread thread;

  // Until then, or until the feed ends.
  void pause(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex);
    ended.wait_for(lock, limit, [this] { return stop.load(); });
  }
  void say(Text words) {
    const std::lock_guard lock(mutex);
    if (words.en != reason.en && !words.en.empty()) log_warning("captions." + name, words.en);
    reason = std::move(words);
  }
  // False: too much of it.
  bool take(std::string text) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now - window >= 1s) {
      window = now;
      in_window = 0;
    }
    if (++in_window > kMostPerSecond) {
      crowded = now;
      return false;
    }
    if (text.size() > kMostLine) text.resize(kMostLine);
    if (text.find_first_not_of(" \t\r\n") != std::string::npos) sink(std::move(text));
    return true;
  }
  void tell(const Text& trouble) {
    if (!trouble.ja.empty())
      say(trouble);
    else if (crowded != SteadyTime{} && std::chrono::steady_clock::now() - crowded < 5s)
      say({"字幕が多すぎるため、一部を捨てています。→ 送る側の間隔を広げる",
           "Captions come too fast and some are dropped. -> Send fewer at a time"});
    else
      say({});
  }
  void run();
  void follow_file();
  void listen();
};

void CaptionFeed::Impl::follow_file() {
  Tail tail(spec.path);
  std::string pending;
  while (!stop) {
    const bool there = tail.read(pending);
    take_lines(pending, kMostLine, [this](std::string line) { return take(std::move(line)); });
    tell(there ? Text{}
               : Text{"字幕のファイルが見つかりません。→ ファイルの場所を確認",
                      "The caption file was not found. -> Check where the file is"});
    pause(kRound);
  }
}

void CaptionFeed::Impl::listen() {
  while (!stop) {
    auto listener =
        CaptionListener::open(spec, [this](std::string text) { return take(std::move(text)); });
    if (!listener) {
      log_warning("captions." + name, listener.error().message);
      tell({"字幕の入口のポートを使えません。→ 別のポート番号に変更",
            "The caption port cannot be used. -> Choose another port number"});
      pause(kAgain);
      continue;
    }
    port = (*listener)->port();
    while (!stop) {
      (*listener)->round(kRound);
      tell({});
    }
  }
}

void CaptionFeed::Impl::run() {
  begin_thread("captions." + name, Urgency::Ordinary);
  if (spec.kind == CaptionFeedSpec::Kind::File)
    follow_file();
  else
    listen();
}

CaptionFeed::CaptionFeed(CaptionFeedSpec spec, std::string name, Sink sink)
    : impl_(std::make_unique<Impl>(std::move(spec), std::move(name), std::move(sink))) {
  impl_->thread = std::thread([i = impl_.get()] { i->run(); });
}

CaptionFeed::~CaptionFeed() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stop = true;
  }
  impl_->ended.notify_all();
  impl_->thread.join();
}

Text CaptionFeed::reason() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->reason;
}
int CaptionFeed::port() const { return impl_->port; }

}  // namespace kakehashi
