// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/rtmp_link.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <random>
#include <set>

namespace kakehashi {
namespace {

using rtmp::LineTrouble;
using State = rtmp::PublishSession::State;

constexpr Duration kLookUp = Duration::seconds(5);
constexpr Duration kAttempt = Duration::seconds(8);
constexpr Duration kConnect = Duration::seconds(5);
constexpr Duration kGlance = Duration::milliseconds(50);
constexpr Duration kFigures = Duration::milliseconds(50);  // between two looks at the line
constexpr Duration kTrial = Duration::seconds(2);
constexpr Duration kLastWords = Duration::milliseconds(200);
constexpr Duration kGoodbye = Duration::milliseconds(300);
constexpr int kMostAttempts = 4;  // two of a login, one with smaller chunks, one to spare
// What a server that asks and asks without reading may make us keep for it.
constexpr std::size_t kMostKept = 64 * 1024;

// Servers that hung up on large chunks, for this run of the program.
class CarefulPlaces {
 public:
  bool holds(const std::string& place) {
    const std::lock_guard lock(mutex_);
    return places_.contains(place);
  }
  void add(const std::string& place) {
    const std::lock_guard lock(mutex_);
    if (places_.size() < 64) places_.insert(place);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> places_;
};
CarefulPlaces& careful() {
  static CarefulPlaces places;
  return places;
}

bool says(const std::string& words, std::initializer_list<const char*> any) {
  std::string lower = words;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
  return std::any_of(any.begin(), any.end(),
                     [&](const char* word) { return lower.find(word) != std::string::npos; });
}

}  // namespace

Status RtmpLink::open(const RtmpWish& wish) {
  wish_ = wish;
  place_ = wish.address.host + ":" + std::to_string(wish.address.port);
  const auto found = look_up(wish.address.host, wish.address.port, stop_, kLookUp);
  if (!found) return found.error();
  const rtmp::Login login{wish.user, wish.password.reveal()};
  std::uint32_t chunks = careful().holds(place_) ? rtmp::kCarefulChunks : rtmp::kLargeChunks;
  std::string query;
  for (int left = kMostAttempts;;) {
    const LineTrouble t = attempt(*found, wish.application + query, chunks);
    if (t == LineTrouble::None) break;
    if (--left > 0 && t == LineTrouble::Rejected && !wish.user.empty()) {
      std::random_device random;
      const auto step = answer_challenge(session_->refusal(), login, wish.application, random());
      if (step.wish == rtmp::LoginWish::Answer && step.query != query) {
        query = step.query;
        continue;
      }
    }
    if (left > 0 && t == LineTrouble::HungUp && step_ == Step::Publish &&
        chunks != rtmp::kCarefulChunks) {
      chunks = rtmp::kCarefulChunks;
      continue;
    }
    return fault(t);
  }
  step_ = Step::Live;
  live_since_ = confirmed_at_ = clock_.now();
  if (chunks == rtmp::kCarefulChunks) careful().add(place_);
  return {};
}

LineTrouble RtmpLink::attempt(const std::vector<Endpoint>& endpoints,
                              const std::string& application, std::uint32_t chunk_size) {
  const auto left = [this] { return deadline_ - clock_.now(); };
  deadline_ = clock_.now() + kAttempt;
  in_.clear();
  out_.clear();
  socket_ = std::make_unique<rtmp::WireSocket>(stop_);
  session_ = std::make_unique<rtmp::PublishSession>(static_cast<std::uint32_t>(clock_.now().ns));
  step_ = Step::Connect;
  if (const LineTrouble t = socket_->connect(endpoints, wish_.interface, kConnect);
      t != LineTrouble::None)
    return t;
  if (wish_.address.tls) {
    step_ = Step::Tls;
    if (const LineTrouble t = socket_->start_tls(wish_.address.host, wish_.ca_file, left());
        t != LineTrouble::None)
      return t;
  }
  step_ = Step::Greet;
  session_->start(out_);
  if (const LineTrouble t = await(State::Greeting); t != LineTrouble::None) return t;
  step_ = Step::Application;
  const std::string host = wish_.address.host.find(':') == std::string::npos
                               ? wish_.address.host
                               : "[" + wish_.address.host + "]";
  session_->connect(application,
                    std::string(wish_.address.tls ? "rtmps://" : "rtmp://") + host + ":" +
                        std::to_string(wish_.address.port) + "/" + application,
                    out_, wish_.enhanced);
  if (const LineTrouble t = await(State::Connecting); t != LineTrouble::None) return t;
  step_ = Step::Publish;
  session_->publish(wish_.name.reveal(), out_, chunk_size);
  return await(State::Asking);
}

// Until the session has left the states up to `until`.
LineTrouble RtmpLink::await(State until) {
  for (;;) {
    const LineTrouble t = hear();
    if (session_->state() == State::Refused) return LineTrouble::Rejected;
    if (session_->state() > until) return LineTrouble::None;
    if (t != LineTrouble::None) return t;
    if (clock_.now() >= deadline_) return LineTrouble::Silent;
    if (const LineTrouble w = socket_->wait(kGlance, hears()); w != LineTrouble::None) return w;
  }
}

bool RtmpLink::hears() const { return socket_->kept() <= kMostKept; }

// Sends what waits and takes in what came, without waiting.
LineTrouble RtmpLink::hear() {
  LineTrouble sent = socket_->send(out_);
  out_.clear();
  if (!hears() && sent == LineTrouble::None) return sent;
  in_.clear();
  // Also after a failed send: why it hung up may be in its last words.
  const LineTrouble heard = socket_->receive(in_);
  if (!session_->receive(in_, out_)) return LineTrouble::NotRtmp;
  if (sent != LineTrouble::None) return sent;
  if (heard != LineTrouble::None) return heard;
  if (!out_.empty()) sent = socket_->send(out_);
  out_.clear();
  return sent;
}

// Why it hung up may be in its last words.
Status RtmpLink::broken(LineTrouble what) {
  if (what == LineTrouble::Stopped) return fault(what);
  (void)hear();
  return fault(session_->state() == State::Refused ? LineTrouble::Rejected : what);
}

Status RtmpLink::send(rtmp::Gather& message) {
  if (const LineTrouble t = socket_->send(message.pieces()); t != LineTrouble::None)
    return broken(t);
  return drain(Duration::seconds(3600));
}

Status RtmpLink::send(const rtmp::Bytes& control) {
  if (const LineTrouble t = socket_->send(control); t != LineTrouble::None) return broken(t);
  return drain(Duration::seconds(3600));
}

// `limit`: for a clean end; on air only watch() gives up.
Status RtmpLink::drain(Duration limit) {
  const MediaTime until = clock_.now() + limit;
  for (;;) {
    if (Status s = idle(); !s) return s;
    if (socket_->kept() == 0 || clock_.now() >= until) return {};
    if (const LineTrouble t = socket_->wait(kGlance, hears()); t != LineTrouble::None)
      return broken(t);
    if (const LineTrouble t = socket_->flush(); t != LineTrouble::None) return broken(t);
  }
}

Status RtmpLink::idle() {
  LineTrouble t = hear();
  if (session_->state() == State::Refused) t = LineTrouble::Rejected;
  if (t == LineTrouble::None) t = watch();
  return t == LineTrouble::None ? Status() : fault(t);
}

LineTrouble RtmpLink::watch() {
  const MediaTime now = clock_.now();
  if (now - watched_ < kFigures) return LineTrouble::None;
  watched_ = now;
  const rtmp::LineFigures f = socket_->figures();
  if (meter_)
    meter_->store({now, f.handed, f.unacked, f.unsent, f.retransmits, f.rtt_ms, f.least_rtt_ms});
  const std::uint64_t confirmed = f.handed - std::min(f.handed, f.unacked);
  if (confirmed != confirmed_ || (f.unacked == 0 && socket_->kept() == 0)) {
    confirmed_ = confirmed;
    confirmed_at_ = now;
  }
  return now - confirmed_at_ > rtmp::kDeadPeer ? LineTrouble::Silent : LineTrouble::None;
}

void RtmpLink::end() {
  if (!socket_ || !session_) return;
  session_->unpublish(out_);
  if (!drain(kLastWords) || socket_->kept() > 0) return;
  socket_->hang_up(kGoodbye);
}

// What the server said, without the key even when that is too short for the redactor.
std::string RtmpLink::words() const {
  std::string said = session_ ? session_->said() : std::string();
  for (const Secret* s : {&wish_.name, &wish_.password}) {
    if (s->empty()) continue;
    for (auto at = said.find(s->reveal()); at != std::string::npos; at = said.find(s->reveal(), at))
      said.replace(at, s->reveal().size(), "*"), ++at;
  }
  return said;
}

bool RtmpLink::another_port_answers() const {
  if (wish_.address.port == 443) return false;
  const auto other = look_up(wish_.address.host, 443, stop_, Duration::seconds(1));
  return other && port_answers(*other, wish_.interface, stop_, Duration::seconds(1));
}

Status RtmpLink::refused() const {
  const std::string said = words();
  if (says(said, {"authmod=", "access manager", "accessmanager"})) {
    if (wish_.user.empty()) return trouble(Trouble::LoginAsked, "");
    return trouble(Trouble::LoginWrong, "");
  }
  if (says(said, {"already", "in use", "duplicate", "busy", "being published"}))
    return trouble(Trouble::KeyInUse, said);
  if (step_ == Step::Application) return trouble(Trouble::NoSuchApp, said);
  return trouble(Trouble::Rejected, said);
}

Status RtmpLink::fault(LineTrouble what) const {
  switch (what) {
    case LineTrouble::Stopped:
      return trouble(Trouble::Lost, "told to stop");
    case LineTrouble::NoInterface:
      return trouble(Trouble::NoInterface, wish_.interface);
    case LineTrouble::Expired:
    case LineTrouble::NotYetValid:
      return trouble(Trouble::ClockOrAge, socket_->tls_said());
    case LineTrouble::WrongName:
      return trouble(Trouble::OtherName, socket_->tls_said());
    case LineTrouble::Untrusted:
      return trouble(Trouble::Certificate, socket_->tls_said());
    case LineTrouble::NoTls:
      return trouble(Trouble::NoTls, place_);
    case LineTrouble::NotRtmp:
      return trouble(Trouble::NotRtmp, place_);
    case LineTrouble::Rejected:
      return refused();
    default:
      break;
  }
  switch (step_) {
    case Step::Connect:
      if (what == LineTrouble::Unreachable) return trouble(Trouble::Unreachable, place_);
      if (what == LineTrouble::Refused) return trouble(Trouble::Refused, place_);
      if (another_port_answers()) return trouble(Trouble::PortBlocked, place_);
      return trouble(Trouble::TimedOut, "connecting to " + place_);
    case Step::Tls:
      return what == LineTrouble::Silent ? trouble(Trouble::TimedOut, "beginning TLS")
                                         : trouble(Trouble::NoTls, "hung up during TLS");
    case Step::Greet:
      return what == LineTrouble::Silent ? trouble(Trouble::TimedOut, "waiting for the handshake")
                                         : trouble(Trouble::NotRtmp, "hung up in the handshake");
    case Step::Application:
      return what == LineTrouble::Silent
                 ? trouble(Trouble::TimedOut, "waiting after connect")
                 : std::move(trouble(Trouble::NoSuchApp, "")).context("hung up after connect");
    case Step::Publish:
      return what == LineTrouble::Silent
                 ? trouble(Trouble::TimedOut, "waiting after publish")
                 : std::move(trouble(Trouble::Rejected, "")).context("hung up after publish");
    case Step::Live:
      break;
  }
  if (what == LineTrouble::Silent) return trouble(Trouble::Stuck, "nothing confirmed for 7 s");
  // Servers that check the key elsewhere say yes first and hang up a moment later; others stumble
  // over large chunks.
  if (clock_.now() - live_since_ < kTrial) {
    careful().add(place_);
    return std::move(trouble(Trouble::Rejected, "")).context("hung up right after the start");
  }
  return trouble(Trouble::Lost, "hung up by " + place_);
}

}  // namespace kakehashi
