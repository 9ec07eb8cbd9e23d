// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ingest.h"

#include <map>
#include <mutex>

#include "rtmp/server.h"
#include "station/ingest_stream.h"

namespace kakehashi {
namespace {

constexpr std::size_t kMostStreams = 8;

}  // namespace

struct Ingest::Impl {
  IngestOptions options;
  mutable std::mutex mutex;
  std::vector<std::shared_ptr<IngestStream>> streams;  // in the order they came

  // Receiving thread.
  std::map<std::string, std::shared_ptr<IngestStream>> by_name;  // app and key; never shown
  std::map<rtmp::PublisherId, std::shared_ptr<IngestStream>> on;
  std::atomic<int> publishers{0};

  std::unique_ptr<rtmp::Server> server;  // last: its thread ends before the rest goes

  std::shared_ptr<IngestStream> new_stream() {
    const std::lock_guard lock(mutex);
    if (streams.size() >= kMostStreams) return nullptr;
    streams.push_back(std::make_shared<IngestStream>(options.code_rects));
    return streams.back();
  }

  rtmp::ServerCallbacks callbacks() {
    rtmp::ServerCallbacks c;
    c.publish = [this](rtmp::PublisherId id, const std::string& app,
                       const std::string& key) -> std::optional<std::string> {
      auto& stream = by_name[app + '\n' + key];
      if (!stream) stream = by_name.size() == 1 ? first : new_stream();
      if (!stream) {
        by_name.erase(app + '\n' + key);
        return "this practice receiver already has " + std::to_string(kMostStreams) + " streams";
      }
      on[id] = stream;
      publishers.store(static_cast<int>(on.size()));
      stream->begin();
      return std::nullopt;
    };
    c.video = [this](rtmp::PublisherId id, std::uint32_t ts, MediaTime at, rtmp::ByteView body) {
      if (const auto it = on.find(id); it != on.end()) it->second->picture(ts, at, body);
    };
    c.audio = [this](rtmp::PublisherId id, std::uint32_t ts, MediaTime at, rtmp::ByteView body) {
      if (const auto it = on.find(id); it != on.end()) it->second->sound(ts, at, body);
    };
    c.closed = [this](rtmp::PublisherId id, const std::string& reason) {
      const auto it = on.find(id);
      if (it == on.end()) return;
      it->second->end(reason);
      on.erase(it);
      publishers.store(static_cast<int>(on.size()));
    };
    return c;
  }

  std::shared_ptr<IngestStream> first;
};

Result<std::unique_ptr<Ingest>> Ingest::start(const IngestOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->first = impl->new_stream();
  if (!options.frames_file.empty() && !impl->first->list_frames(options.frames_file))
    return Error{ErrorKind::FixSetup, "frame list " + options.frames_file +
                                          " cannot be written; name a folder that exists"};
  Result<std::unique_ptr<rtmp::Server>> server =
      rtmp::Server::listen(options.listen, impl->callbacks());
  if (!server) return std::move(server.error()).context("practice receiver");
  impl->server = std::move(*server);
  return std::unique_ptr<Ingest>(new Ingest(std::move(impl)));
}

Ingest::Ingest(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ingest::~Ingest() { stop(); }

std::string Ingest::url() const { return impl_->server->url(); }
int Ingest::port() const { return impl_->server->port(); }
bool Ingest::receiving() const { return impl_->publishers.load() > 0; }
void Ingest::stop() {
  impl_->server->stop();
  const std::lock_guard lock(impl_->mutex);
  for (const auto& stream : impl_->streams) stream->stop();
}

std::vector<IngestReport> Ingest::reports() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<IngestReport> reports;
  for (const auto& stream : impl_->streams) reports.push_back(stream->report());
  return reports;
}
IngestReport Ingest::report() const { return impl_->first->report(); }

}  // namespace kakehashi
