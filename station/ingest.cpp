// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ingest.h"

#include <pthread.h>

#include <chrono>
#include <deque>
#include <fstream>
#include <mutex>
#include <thread>

#include "core/bounded_queue.h"
#include "core/log.h"
#include "encoder/decoder.h"
#include "rtmp/server.h"
#include "station/ingest_picture.h"
#include "station/ingest_sound.h"

namespace kakehashi {
namespace {

// Road receive -> decode: about 8 s of picture and sound, 64 MiB; when full the newest is refused,
// counted, and pictures are skipped to the next keyframe.
constexpr std::size_t kItems = 640;
constexpr std::size_t kItemsKeptForEnds = 40;  // a session's begin and end must always fit
constexpr std::size_t kBytes = 64 * 1024 * 1024;
constexpr std::size_t kReorder = 32;  // pictures a decoder may hold back

struct Item {
  enum class Kind : std::uint8_t { Begin, Picture, Sound, End };
  Kind kind = Kind::Begin;
  std::uint32_t timestamp = 0;
  MediaTime arrived;
  std::vector<std::uint8_t> body;
};

// FLV video tags (Adobe Video File Format 10.1, E.4.3).
bool is_picture(rtmp::ByteView body) {
  return body.size() > 5 && ((body[0] & 0x0F) != 7 || body[1] == 1);
}
bool is_keyframe(rtmp::ByteView body) { return !body.empty() && (body[0] >> 4) == 1; }

}  // namespace

struct Ingest::Impl {
  explicit Impl(std::vector<Rect> rects) : pictures(std::move(rects)) {}

  BoundedQueue<Item> road{kItems, WhenFull::Refuse};
  std::atomic<std::size_t> road_bytes{0};
  std::atomic<std::uint64_t> received{0}, skipped{0}, sessions{0};
  std::atomic<bool> active{false};

  // Receiving thread.
  bool skipping = false;  // until the next keyframe
  rtmp::PublisherId publisher = 0;

  // Decoding thread, under `mutex`.
  mutable std::mutex mutex;
  std::unique_ptr<StreamDecoder> decoder;
  PictureMeter pictures;
  SoundMeter sound;
  std::ofstream frames;
  struct Arrival {
    Duration pts;
    MediaTime arrived;
  };
  std::deque<Arrival> arrivals;
  MediaTime newest_arrival;
  std::int64_t time_ms = -1;  // the session's timestamps without their 32-bit wrap; -1: none yet
  std::optional<std::uint32_t> last_time[2];
  std::uint64_t errors = 0, backwards = 0;
  std::string first_error, last_disconnect;
  double seconds_before = 0;  // of finished sessions

  std::thread thread;
  std::unique_ptr<rtmp::Server> server;  // last: its thread ends before the rest goes

  rtmp::ServerCallbacks callbacks() {
    rtmp::ServerCallbacks c;
    c.publish = [this](rtmp::PublisherId id, const std::string&, const std::string&) {
      std::optional<std::string> refusal;
      if (active.exchange(true)) {
        refusal = "this practice receiver already has a publisher";
      } else {
        publisher = id;
        skipping = false;
        sessions.fetch_add(1);
        road.push({Item::Kind::Begin, 0, {}, {}});
      }
      return refusal;
    };
    c.video = [this](rtmp::PublisherId, std::uint32_t ts, MediaTime at, rtmp::ByteView body) {
      const bool picture = is_picture(body);
      if (picture) received.fetch_add(1);
      if (picture && skipping && !is_keyframe(body)) {
        skipped.fetch_add(1);
        return;
      }
      if (hand_on(Item::Kind::Picture, ts, at, body)) {
        if (picture) skipping = false;
      } else if (picture) {
        skipped.fetch_add(1);
        skipping = true;
      }
    };
    c.audio = [this](rtmp::PublisherId, std::uint32_t ts, MediaTime at, rtmp::ByteView body) {
      hand_on(Item::Kind::Sound, ts, at, body);
    };
    c.closed = [this](rtmp::PublisherId id, const std::string& reason) {
      if (id != publisher) return;
      road.push({Item::Kind::End, 0, {}, {reason.begin(), reason.end()}});
      active.store(false);
    };
    return c;
  }

  bool hand_on(Item::Kind kind, std::uint32_t ts, MediaTime at, rtmp::ByteView body) {
    if (road.size() + kItemsKeptForEnds > kItems || road_bytes.load() + body.size() > kBytes)
      return false;
    road_bytes.fetch_add(body.size());
    return road.push({kind, ts, at, {body.begin(), body.end()}});
  }

  void run() {
    pthread_setname_np(pthread_self(), "ingest.decode");
    while (!road.closed() || road.size() > 0) {
      std::optional<Item> item = road.wait_pop(std::chrono::milliseconds(500));
      if (!item) continue;
      const std::lock_guard lock(mutex);
      work(*item);
    }
  }

  void work(const Item& item) {
    switch (item.kind) {
      case Item::Kind::Begin: {
        Result<std::unique_ptr<StreamDecoder>> opened = open_stream_decoder();
        if (!opened) {
          decoder.reset();
          return note_error(opened.error());
        }
        decoder = std::move(*opened);
        decoder->on_picture = [this](const DecodedPicture& p) { on_picture(p); };
        decoder->on_sound = [this](const DecodedSound& s) { sound.add(s); };
        const auto session = static_cast<int>(sessions.load());
        pictures.begin_session(session);
        sound.begin_session(session);
        arrivals.clear();
        time_ms = -1;
        last_time[0].reset();
        last_time[1].reset();
        last_disconnect.clear();
        return;
      }
      case Item::Kind::End:
        seconds_before += session_seconds();
        pictures.begin_session(0);
        sound.begin_session(0);
        decoder.reset();
        last_disconnect.assign(item.body.begin(), item.body.end());
        if (frames.is_open()) frames.flush();
        return;
      default:
        break;
    }
    road_bytes.fetch_sub(item.body.size());
    if (!decoder) return;
    newest_arrival = item.arrived;
    const bool picture = item.kind == Item::Kind::Picture;
    const Duration time = unwrap(item.timestamp, picture ? 0 : 1);
    if (picture && is_picture(item.body)) {
      std::int32_t composition =
          (item.body[2] << 16) | (item.body[3] << 8) | item.body[4];  // B-frames only
      if (composition >= 0x800000) composition -= 0x1000000;
      arrivals.push_back({time + Duration::milliseconds(composition), item.arrived});
      if (arrivals.size() > kReorder) arrivals.pop_front();
    }
    if (const Status s =
            picture ? decoder->video(item.body, time) : decoder->audio(item.body, time);
        !s)
      note_error(s.error());
  }

  // `kind` 0 picture, 1 sound: each must never go back; between them they may.
  Duration unwrap(std::uint32_t timestamp, std::size_t kind) {
    std::optional<std::uint32_t>& last = last_time[kind];
    if (last && static_cast<std::int32_t>(timestamp - *last) < 0) ++backwards;
    last = timestamp;
    time_ms =
        time_ms < 0
            ? timestamp
            : time_ms + static_cast<std::int32_t>(timestamp - static_cast<std::uint32_t>(time_ms));
    return Duration::milliseconds(time_ms);
  }

  void note_error(const Error& e) {
    ++errors;
    if (first_error.empty()) first_error = e.message;
  }

  void on_picture(const DecodedPicture& p) {
    MediaTime arrived = newest_arrival;
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
      if (arrivals[i].pts != p.pts) continue;
      arrived = arrivals[i].arrived;
      arrivals.erase(arrivals.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
    const PictureNote note = pictures.add(p, arrived);
    if (!frames.is_open()) return;
    frames << p.pts.ns / 1'000'000 << ',' << arrived.ns / 1000 << ',';
    if (note.code)
      frames << note.code->number << ',' << note.code->captured_us << ',' << note.code->flash << ','
             << note.rect << ',' << note.latency.ns / 1000;
    else
      frames << ",,,,";
    frames << '\n';
  }

  double session_seconds() const {
    Duration first = Duration::seconds(1'000'000'000), last;
    if (pictures.first_pts()) {
      first = *pictures.first_pts();
      last = pictures.last_pts();
    }
    if (sound.first_pts()) {
      first = std::min(first, *sound.first_pts());
      last = std::max(last, sound.end_pts());
    }
    return last > first ? (last - first).to_seconds() : 0;
  }

  void stop() {
    if (server) server->stop();
    road.close();
    if (thread.joinable()) thread.join();
    const std::lock_guard lock(mutex);
    if (frames.is_open()) frames.close();
  }
};

Result<std::unique_ptr<Ingest>> Ingest::start(const IngestOptions& options) {
  auto impl = std::make_unique<Impl>(options.code_rects);
  if (!options.frames_file.empty()) {
    impl->frames.open(options.frames_file);
    if (!impl->frames)
      return Error{ErrorKind::FixSetup, "frame list " + options.frames_file +
                                            " cannot be written; name a folder that exists"};
    impl->frames << "pts_ms,arrival_us,number,captured_us,flash,place,latency_us\n";
  }
  Result<std::unique_ptr<rtmp::Server>> server =
      rtmp::Server::listen(options.listen, impl->callbacks());
  if (!server) return std::move(server.error()).context("practice receiver");
  impl->server = std::move(*server);
  impl->thread = std::thread([i = impl.get()] { i->run(); });
  return std::unique_ptr<Ingest>(new Ingest(std::move(impl)));
}

Ingest::Ingest(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ingest::~Ingest() { stop(); }

std::string Ingest::url() const { return impl_->server->url(); }
int Ingest::port() const { return impl_->server->port(); }
bool Ingest::receiving() const { return impl_->active.load(); }
void Ingest::stop() { impl_->stop(); }

IngestReport Ingest::report() const {
  const Impl& i = *impl_;
  IngestReport r;
  const std::lock_guard lock(i.mutex);
  i.pictures.fill(r);
  i.sound.fill(r);
  fill_av_offset(r, i.pictures.flashes(), i.sound.beeps());
  r.publisher_sessions = i.sessions.load();
  r.pictures_received = i.received.load();
  r.pictures_skipped = i.skipped.load();
  r.decode_errors = i.errors;
  r.first_error = i.first_error;
  r.last_disconnect = i.last_disconnect;
  r.dts_backwards = i.backwards;
  r.seconds = i.seconds_before + i.session_seconds();
  return r;
}

}  // namespace kakehashi
