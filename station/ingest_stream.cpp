// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ingest_stream.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>

#include "core/clock.h"

namespace kakehashi {
namespace {

// Road receive -> decode: about 8 s of picture and sound, 64 MiB; when full the newest is refused,
// counted, and pictures are skipped to the next keyframe.
constexpr std::size_t kItems = 640;
constexpr std::size_t kItemsKeptForEnds = 40;  // a session's begin and end must always fit
constexpr std::size_t kBytes = 64 * 1024 * 1024;
constexpr std::size_t kReorder = 32;  // pictures a decoder may hold back

// FLV video tags (Adobe Video File Format 10.1, E.4.3).
bool is_picture(std::span<const std::uint8_t> body) {
  return body.size() > 5 && ((body[0] & 0x0F) != 7 || body[1] == 1);
}
bool is_keyframe(std::span<const std::uint8_t> body) {
  return !body.empty() && (body[0] >> 4) == 1;
}

}  // namespace

IngestStream::IngestStream(std::vector<Rect> code_rects)
    : road_(kItems, WhenFull::Refuse), pictures_(std::move(code_rects)) {
  thread_ = std::thread([this] { run(); });
}

IngestStream::~IngestStream() { stop(); }

bool IngestStream::list_frames(const std::string& path) {
  const std::lock_guard lock(mutex_);
  frames_.open(path);
  if (!frames_) return false;
  frames_ << "pts_ms,arrival_us,number,captured_us,flash,place,latency_us\n";
  return true;
}

void IngestStream::begin() {
  skipping_ = false;
  sessions_.fetch_add(1);
  road_.push({Item::Kind::Begin, 0, {}, {}});
}

void IngestStream::picture(std::uint32_t timestamp, MediaTime arrived,
                           std::span<const std::uint8_t> body) {
  const bool picture = is_picture(body);
  if (picture) received_.fetch_add(1);
  if (picture && skipping_ && !is_keyframe(body)) {
    skipped_.fetch_add(1);
    return;
  }
  if (hand_on(Item::Kind::Picture, timestamp, arrived, body)) {
    if (picture) skipping_ = false;
  } else if (picture) {
    skipped_.fetch_add(1);
    skipping_ = true;
  }
}

void IngestStream::sound(std::uint32_t timestamp, MediaTime arrived,
                         std::span<const std::uint8_t> body) {
  hand_on(Item::Kind::Sound, timestamp, arrived, body);
}

void IngestStream::end(const std::string& reason) {
  road_.push({Item::Kind::End, 0, {}, {reason.begin(), reason.end()}});
}

bool IngestStream::hand_on(Item::Kind kind, std::uint32_t timestamp, MediaTime arrived,
                           std::span<const std::uint8_t> body) {
  if (road_.size() + kItemsKeptForEnds > kItems || road_bytes_.load() + body.size() > kBytes)
    return false;
  road_bytes_.fetch_add(body.size());
  return road_.push({kind, timestamp, arrived, {body.begin(), body.end()}});
}

void IngestStream::run() {
  pthread_setname_np(pthread_self(), "ingest.decode");
  while (!road_.closed() || road_.size() > 0) {
    std::optional<Item> item = road_.wait_pop(std::chrono::milliseconds(500));
    if (!item) continue;
    const std::lock_guard lock(mutex_);
    work(*item);
  }
}

void IngestStream::begin_session() {
  Result<std::unique_ptr<StreamDecoder>> opened = open_stream_decoder();
  if (!opened) {
    decoder_.reset();
    return note_error(opened.error());
  }
  decoder_ = std::move(*opened);
  decoder_->on_picture = [this](const DecodedPicture& p) { on_picture(p); };
  decoder_->on_sound = [this](const DecodedSound& s) {
    sounds_.add(s);
    match_.sound(s);
  };
  const auto session = static_cast<int>(sessions_.load());
  pictures_.begin_session(session);
  sounds_.begin_session(session);
  match_.begin_session();
  arrivals_.clear();
  time_ms_ = -1;
  last_time_[0].reset();
  last_time_[1].reset();
  last_disconnect_.clear();
}

void IngestStream::work(const Item& item) {
  switch (item.kind) {
    case Item::Kind::Begin:
      return begin_session();
    case Item::Kind::End:
      seconds_before_ += session_seconds();
      pictures_.begin_session(0);
      sounds_.begin_session(0);
      decoder_.reset();
      last_disconnect_.assign(item.body.begin(), item.body.end());
      if (frames_.is_open()) frames_.flush();
      return;
    case Item::Kind::Picture:
    case Item::Kind::Sound:
      road_bytes_.fetch_sub(item.body.size());
      if (decoder_) decode(item);
  }
}

void IngestStream::decode(const Item& item) {
  newest_arrival_ = item.arrived;
  const bool picture = item.kind == Item::Kind::Picture;
  const Duration time = unwrap(item.timestamp, picture ? 0 : 1);
  if (picture && is_picture(item.body)) {
    std::int32_t composition =
        (item.body[2] << 16) | (item.body[3] << 8) | item.body[4];  // B-frames only
    if (composition >= 0x800000) composition -= 0x1000000;
    arrivals_.push_back(
        {time + Duration::milliseconds(composition), item.arrived, find_practice_note(item.body)});
    if (arrivals_.size() > kReorder) arrivals_.pop_front();
  }
  if (const Status s =
          picture ? decoder_->video(item.body, time) : decoder_->audio(item.body, time);
      !s)
    note_error(s.error());
}

// `kind` 0 picture, 1 sound: each must never go back; between them they may.
Duration IngestStream::unwrap(std::uint32_t timestamp, std::size_t kind) {
  std::optional<std::uint32_t>& last = last_time_[kind];
  if (last && static_cast<std::int32_t>(timestamp - *last) < 0) ++backwards_;
  last = timestamp;
  time_ms_ =
      time_ms_ < 0
          ? timestamp
          : time_ms_ + static_cast<std::int32_t>(timestamp - static_cast<std::uint32_t>(time_ms_));
  return Duration::milliseconds(time_ms_);
}

void IngestStream::note_error(const Error& e) {
  ++errors_;
  if (first_error_.empty()) first_error_ = e.message;
}

void IngestStream::on_picture(const DecodedPicture& p) {
  MediaTime arrived = newest_arrival_;
  std::optional<PracticeNote> sent;
  for (std::size_t i = 0; i < arrivals_.size(); ++i) {
    if (arrivals_[i].pts != p.pts) continue;
    arrived = arrivals_[i].arrived;
    sent = std::move(arrivals_[i].note);
    arrivals_.erase(arrivals_.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  if (sent) match_.picture(p, *sent, MonotonicClock().now());
  const PictureNote note = pictures_.add(p, arrived);
  if (!frames_.is_open()) return;
  frames_ << p.pts.ns / 1'000'000 << ',' << arrived.ns / 1000 << ',';
  if (note.code)
    frames_ << note.code->number << ',' << note.code->captured_us << ',' << note.code->flash << ','
            << note.rect << ',' << note.latency.ns / 1000;
  else
    frames_ << ",,,,";
  frames_ << '\n';
}

double IngestStream::session_seconds() const {
  Duration first = Duration::seconds(1'000'000'000), last;
  if (pictures_.first_pts()) {
    first = *pictures_.first_pts();
    last = pictures_.last_pts();
  }
  if (sounds_.first_pts()) {
    first = std::min(first, *sounds_.first_pts());
    last = std::max(last, sounds_.end_pts());
  }
  return last > first ? (last - first).to_seconds() : 0;
}

void IngestStream::stop() {
  road_.close();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  if (frames_.is_open()) frames_.close();
}

IngestReport IngestStream::report() const {
  IngestReport r;
  const std::lock_guard lock(mutex_);
  pictures_.fill(r);
  sounds_.fill(r);
  match_.fill(r);
  fill_av_offset(r, pictures_.flashes(), sounds_.beeps());
  r.publisher_sessions = sessions_.load();
  r.pictures_received = received_.load();
  r.pictures_skipped = skipped_.load();
  r.decode_errors = errors_;
  r.first_error = first_error_;
  r.last_disconnect = last_disconnect_;
  r.dts_backwards = backwards_;
  r.seconds = seconds_before_ + session_seconds();
  return r;
}

}  // namespace kakehashi
