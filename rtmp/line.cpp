// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/line.h"

#include <algorithm>
#include <chrono>

#include "rtmp/publish_session.h"
#include "rtmp/race.h"

namespace kakehashi::rtmp {
namespace {

constexpr Duration kLook = Duration::milliseconds(20);
constexpr Duration kUploadPatience = Duration::seconds(8);

double seconds_since(SteadyClock::time_point t) {
  return std::chrono::duration<double>(SteadyClock::now() - t).count();
}

// An H.264 access unit of nothing but filler (ISO/IEC 14496-10, 7.3.2.7: type 12) as an FLV tag
// body: receivers pass it over. No two bytes in a row repeat, so that nothing on the way compresses
// it.
Bytes filler_tag(std::size_t size, std::uint32_t seed) {
  Bytes tag{0x27, 1, 0, 0, 0};
  put_be32(tag, static_cast<std::uint32_t>(size));
  tag.push_back(0x0C);
  for (std::size_t i = 2; i < size; ++i) {
    seed = seed * 1664525U + 1013904223U;
    tag.push_back(static_cast<std::uint8_t>((seed >> 24) | 1U));
  }
  tag.push_back(0x80);
  return tag;
}

}  // namespace

struct Line::Impl {
  explicit Impl(const std::atomic<bool>& s) : stop(s), socket(s) {}

  const std::atomic<bool>& stop;
  WireSocket socket;
  PublishSession session{static_cast<std::uint32_t>(SteadyClock::now().time_since_epoch().count())};
  Bytes in, out;
  Gather message;

  // Upload.
  std::string name;
  double kbps = 0, length = 0;
  SteadyClock::time_point began, last_moved;
  std::uint64_t moved = 0;    // taken by the socket
  std::uint64_t before = 0;   // had left the machine when the upload began
  std::uint64_t counted = 0;  // left the machine by the end of the last whole second
  double owed_until = 0;
  int whole_seconds = 0;
  UploadFigures figures;

  // Sends what waits and takes in what came, without waiting.
  LineTrouble exchange() {
    if (const LineTrouble t = socket.send(out); t != LineTrouble::None) return t;
    out.clear();
    in.clear();
    const LineTrouble trouble = socket.receive(in);
    if (Status s = session.receive(in, out); !s) return LineTrouble::NotRtmp;
    if (const LineTrouble t = socket.send(out); t != LineTrouble::None) return t;
    out.clear();
    return trouble;
  }

  // Until the session has left the states up to `until`.
  LineTrouble await(PublishSession::State until, Duration limit) {
    const auto deadline = after(limit);
    for (;;) {
      const LineTrouble trouble = exchange();
      if (session.state() == PublishSession::State::Refused) return LineTrouble::Rejected;
      if (session.state() > until) return LineTrouble::None;
      if (trouble != LineTrouble::None) return trouble;
      if (SteadyClock::now() >= deadline) return LineTrouble::Silent;
      if (const LineTrouble t = socket.wait(kLook); t != LineTrouble::None) return t;
    }
  }

  std::uint64_t left_the_machine() const {
    const LineFigures f = socket.figures();
    return f.handed - std::min(f.handed, f.unacked + before);
  }
};

Line::Line(const std::atomic<bool>& stop) : impl_(std::make_unique<Impl>(stop)) {}
Line::~Line() = default;

LineTrouble Line::connect(int family, std::span<const unsigned char> address, Duration limit) {
  const Endpoint endpoint{family, {address.begin(), address.end()}};
  return impl_->socket.connect(std::span(&endpoint, 1), "", limit);
}

LineTrouble Line::start_tls(const std::string& host, const std::string& ca_file, Duration limit) {
  return impl_->socket.start_tls(host, ca_file, limit);
}

LineTrouble Line::greet(Duration limit) {
  impl_->session.start(impl_->out);
  return impl_->await(PublishSession::State::Greeting, limit);
}

LineTrouble Line::connect_app(const std::string& app, const std::string& tc_url, Duration limit) {
  impl_->session.connect(app, tc_url, impl_->out);
  return impl_->await(PublishSession::State::Connecting, limit);
}

void Line::begin_upload(const std::string& name, double kbps, Duration length) {
  Impl& me = *impl_;
  me.figures = {};
  me.kbps = kbps;
  me.length = length.to_seconds();
  me.session.publish(name, me.out);
  me.figures.trouble = me.await(PublishSession::State::Asking, kUploadPatience);
  me.began = me.last_moved = SteadyClock::now();
  me.before = 0;
  me.before = me.left_the_machine();
  me.moved = me.socket.figures().handed;
  me.counted = 0;
  me.owed_until = 0;
  me.whole_seconds = 0;
  me.figures.worst_kbps = kbps;
}

double Line::upload_part() const {
  return impl_->length > 0 ? std::min(1.0, seconds_since(impl_->began) / impl_->length) : 1;
}

bool Line::upload_goes_on() {
  Impl& me = *impl_;
  const double now = seconds_since(me.began);
  if (me.figures.trouble != LineTrouble::None || now >= me.length) return false;
  // What the line does not take in time is not made up for later: that would hide the next stall.
  if (me.socket.kept() == 0 && now > me.owed_until) {
    const double bytes = std::min(now - me.owed_until, 0.1) * me.kbps * 125;
    me.owed_until = now;
    if (bytes > 16) {
      const Bytes tag =
          filler_tag(static_cast<std::size_t>(bytes), static_cast<std::uint32_t>(me.moved));
      const ByteView part = tag;
      me.message.clear();
      me.session.video(static_cast<std::uint32_t>(now * 1000), std::span(&part, 1), me.message);
      me.figures.trouble = me.socket.send(me.message.pieces());
    }
  }
  if (me.figures.trouble == LineTrouble::None) me.figures.trouble = me.exchange();
  if (me.session.state() == PublishSession::State::Refused)
    me.figures.trouble = LineTrouble::Rejected;
  if (const std::uint64_t handed = me.socket.figures().handed;
      handed != me.moved || me.socket.kept() == 0) {
    me.moved = handed;
    me.last_moved = SteadyClock::now();
  }
  const double stall = seconds_since(me.last_moved) * 1000;
  me.figures.longest_stall_ms = std::max(me.figures.longest_stall_ms, stall);
  if (stall > kUploadPatience.to_milliseconds()) me.figures.trouble = LineTrouble::Silent;
  if (now >= me.whole_seconds + 1) {
    const std::uint64_t gone = me.left_the_machine();
    const double rate =
        static_cast<double>(gone - std::min(gone, me.counted)) / 125 / (now - me.whole_seconds);
    me.figures.worst_kbps = std::min(me.figures.worst_kbps, rate);
    me.counted = gone;
    me.whole_seconds = static_cast<int>(now);
  }
  if (me.figures.trouble == LineTrouble::None && me.stop) me.figures.trouble = LineTrouble::Stopped;
  (void)me.socket.wait(kLook);
  return me.figures.trouble == LineTrouble::None;
}

UploadFigures Line::end_upload() {
  Impl& me = *impl_;
  me.figures.seconds = seconds_since(me.began);
  if (me.figures.seconds > 0)
    me.figures.kbps = static_cast<double>(me.left_the_machine()) / 125 / me.figures.seconds;
  me.figures.worst_kbps = std::min(me.figures.worst_kbps, me.figures.kbps);
  return me.figures;
}

std::string Line::said() const {
  return impl_->socket.tls_said().empty() ? impl_->session.said() : impl_->socket.tls_said();
}

}  // namespace kakehashi::rtmp
