// SPDX-License-Identifier: GPL-3.0-or-later
// For the door's tests: a station that answers from memory, and a connection without manners.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/published.h"
#include "station/door/client.h"
#include "station/door/codec.h"
#include "station/door/server.h"

namespace kakehashi::testing {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/kakehashi-door-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Every field different from its default.
inline Snapshot full_snapshot(int inputs = 2) {
  Snapshot s;
  s.sequence = 18'446'744'073'709'551'615U;
  s.title = {"区民フォーラム \"架け橋\"", "Citizens' forum\n2nd line \\ tab\t"};
  s.event_id = "forum-2026";
  s.canvas = {1280, 720, {30000, 1001}};
  s.session_seconds = 3661.25;
  for (int i = 0; i < inputs; ++i)
    s.inputs.push_back(
        {.id = "cam_" + std::to_string(i),
         .name = {"カメラ", "camera"},
         .kind = "camera",
         .nature = SourceNature::Network,
         .video = true,
         .audio = true,
         .microphone = true,
         .signal = static_cast<SignalState>(i % 5),
         .reason = {"抜けています", "unplugged"},
         .format = "1920x1080 30/1 NV12",
         .fps = 29.97,
         .advice = {"30fpsに", "use 30 fps"},
         .age_ms = 12.5,
         .age_p95_ms = 30.25,
         .jitter_ms = 0.75,
         .captured = 11,
         .lost = 15,
         .dropped = 12,
         .repeated = 13,
         .late = 16,
         .restarts = 14,
         .device = "HD Webcam (usb 3)",
         .stand_in = "cam_1",
         .findings = {{"black", Severity::Fault, {"真っ黒", "black"}, {"線を", "cable"}}},
         .page = 3,
         .pages = 24,
         .drift_ppm = -3.75,
         .buffer_ms = 40.125,
         .overflows = 17,
         .underruns = 18,
         .overruns = 19,
         .resyncs = 20,
         .room_ms = 12.5});
  s.scenes = {{"wide", {"全景", "wide"}, 1, true, {"cam_0", "cam_1"}, "full"},
              {"b", {}, 2, false, {}, ""}};
  s.program = "wide";
  s.preview = "b";
  s.next_kind = TransitionKind::Mix;
  s.next_seconds = 0.75;
  s.transition_progress = 0.1;
  s.transition_held = true;
  s.venue_scene = "b";
  s.aux_scene = "wide";
  s.genlock = {true, true, "cam_0", 7.5, -12.5};
  s.captions = {{"captions", {"一行目", "second"}, 2, 9, "三行目", {"つながりません", "gone"}}};
  s.overlays = {{.id = "title",
                 .label = {"氏名", "name"},
                 .on = true,
                 .kind = "countdown",
                 .seconds_left = 4.5,
                 .fits = false,
                 .timer = true,
                 .timer_running = true,
                 .shown_seconds = 21.5}};
  const InputFinding hum{"hum", Severity::Caution, {"ブーン", "hum"}, {"線を", "cable"}};
  StripSettings settings = settings_of(ProcessingSet::Ambience);
  settings.invert = settings.mono = settings.follow_picture = settings.automix = true;
  settings.noise_db = 6.5;
  settings.gate = {-40.5, 12};
  settings.eq[3] = {EqShape::LowShelf, 90, -3.5, 1.5};
  settings.compressor = {2.5, -18, 12, 250, 4};
  settings.delay_ms = 120;
  settings.pan = -0.25;
  settings.rights = Rights::VenueOnly;
  settings.priority_db = 3;
  settings.rider_db = 5;
  settings.group = "panel";
  s.strips = {{.id = "mic",
               .name = {"司会", "host"},
               .microphone = true,
               .gain_db = -6.5,
               .muted = true,
               .peak_db = {-12.25, -13.5},
               .level_db = -20,
               .open = false,
               .listen = true,
               .heard = true,
               .closed = {"ふた", "card"},
               .sound = settings,
               .buses = {"program", "monitor"},
               .automix_db = -3,
               .rider_db = 2.5,
               .duck_db = -6,
               .compressor_db = -4,
               .gate_db = -1.5,
               .talks = true,
               .findings = {hum}}};
  s.sound = {{-9, -8}, -23, -22.5, -21, -1.75, LoudnessWord::Loud, {-18, 3}};
  s.sound_buses = {{.id = "return.a",
                    .kind = SoundBusKind::MixMinus,
                    .name = {"返し", "return"},
                    .gain_db = -2,
                    .muted = true,
                    .peak_db = {-7, -8},
                    .limiter_db = -1.25,
                    .device = "USB Audio",
                    .first_channel = 3,
                    .playing = true,
                    .reason = {"抜けています", "unplugged"},
                    .drift_ppm = 12.5,
                    .buffer_ms = 15,
                    .latency_ms = 22.5,
                    .underruns = 4,
                    .restarts = 2}};
  s.sound_snapshots = {{"A_MC", {"司会", "host"}}};
  s.sound_snapshot = "A_MC";
  s.microphones_live = {"mic"};
  s.sound_findings = {hum};
  s.sound_outputs = {{"o1", "USB Audio", 4}};
  s.emergency = true;
  s.emergency_seconds = 4.5;
  s.live = true;
  s.live_seconds = 120;
  s.practice = true;
  s.scope = AudienceScope::Public;
  s.outputs = {{"main",
                {"配信", "stream"},
                "rtmp",
                AudienceScope::Unlisted,
                false,
                OutputState::Reconnecting,
                {"切れました", "lost"},
                61.5,
                6010.5,
                33,
                1,
                2,
                3,
                4,
                5.5,
                "light",
                "first",
                true,
                true,
                LineWord::Tight,
                3500.5,
                41.5,
                6}};
  s.encodes = {{"light",
                {"軽い映像", "light"},
                "libx264 superfast",
                {"理由", "why"},
                1280,
                720,
                2500,
                3000,
                4.5,
                9.5,
                0,
                true,
                1,
                2,
                true}};
  s.loop_back = {true, 12.5, 45.5, -3.5, true, 0.25, 0.125, 2, {"届いています", "arrives"}};
  s.record = {
      true,
      "/home/staff/ビデオ/a.mkv",
      60,
      45'000'000,
      12.5,
      {"残りわずか", "nearly full"},
      {"配信と同じ画質です", "in the stream's quality"},
      "/home/staff/ビデオ/a-clean.mkv",
      {"書けません", "cannot be written"},
      true,
      58.5,
      true,
      3.5,
      true,
      {{"cam_0", {"カメラ", "camera"}, "/home/staff/ビデオ/a-cam_0.mkv", 5, 6, {"遅い", "slow"}}},
      {{MarkerKind::OffRecord, 1.5, 2.5, "休憩"}},
      "/home/staff/ビデオ/b.mkv",
      {"空きが足りません", "no room"}};
  s.screen_running = true;
  s.screens = {"venue", "aux"};
  s.health = {1,    2,
              3,    4,
              5,    6,
              7,    6.5,
              7.5,  8.5,
              9.5,  10.5,
              0,    "libx264 superfast",
              0.65, {{"encode", 1, 2, 3}}};
  s.messages = {{"input.cam_0.lost", Severity::Fault, {"何が", "what"}, {"どうする", "do"}}};
  s.desks = 3;
  s.takes = 42;
  s.devices = {{"d1",
                "HD Webcam (usb 3)",
                "camera",
                {"1:2:3", "usb-0:3", "HD Webcam"},
                "cam_0",
                "1280x720 30",
                -30.5,
                {{-12.5, "mic_mc"}, {-40, ""}}}};
  s.watching_devices = true;
  s.undo_role = "cam_main";
  s.undo_device = {"カメラ", "Camera"};
  s.equipment = {true,
                 0.5,
                 40,
                 {"測定中", "measuring"},
                 {"断り", "refused"},
                 {"2026-11-22T09:30:00+09:00",
                  "hall",
                  "forum",
                  true,
                  30,
                  {{"camera.cam_0",
                    {"演台", "lectern"},
                    Verdict::Caution,
                    {"見", "found"},
                    {"因", "cause"},
                    {"する", "do"},
                    {{"fps", 29.97, "fps"}},
                    "HD Webcam",
                    "cam_0.jpg",
                    {{{"形式", "formats"},
                      {{"形式", "format"}, {"結果", "came"}},
                      {{{{"MJPEG", ""}, {"届いた", "yes"}}}}}},
                    "2026-11-22T10:05:00+09:00",
                    true,
                    "camera.cam_0"}},
                  {{{"つなぎ先", "port"}, {"3", "3"}, {"4", "4"}, true}},
                  "2026-11-01T09:00:00+09:00",
                  true},
                 "/tmp/equipment.html"};
  return s;
}

class Station {
 public:
  explicit Station(std::string path, std::vector<BoardHandle> b = {})
      : boards(std::move(b)), path_(std::move(path)) {
    say(full_snapshot());
    open();
  }

  void open() {
    DoorHandlers h;
    h.command = [this](const Command& c) -> Status {
      const std::lock_guard lock(mutex_);
      commands_.push_back(write_command(c));
      if (const auto* mute = std::get_if<SetMute>(&c); mute && mute->strip == "nobody")
        return Error{ErrorKind::NotFound, "mute: no strip is called \"nobody\""};
      return {};
    };
    h.snapshot = [this] { return snapshot_.load(); };
    h.boards = [this] { return boards; };
    h.desks_changed = [this](int n) { desks = n; };
    auto opened = DoorServer::open(path_, std::move(h));
    REQUIRE_MESSAGE(opened.ok(), opened.error().message);
    server_ = std::move(*opened);
  }
  void close() { server_.reset(); }

  void say(Snapshot s) { snapshot_.store(std::make_shared<const Snapshot>(std::move(s))); }
  // The next snapshot, numbered.
  void tick() {
    auto next = *snapshot_.load();
    ++next.sequence;
    say(std::move(next));
    server_->snapshot_changed();
  }
  std::vector<std::string> commands() const {
    const std::lock_guard lock(mutex_);
    return commands_;
  }
  std::unique_ptr<DoorClient> desk() const {
    auto client = DoorClient::connect(path_, std::chrono::seconds(30));
    REQUIRE_MESSAGE(client.ok(), client.error().message);
    return std::move(*client);
  }
  const std::string& path() const { return path_; }

  std::vector<BoardHandle> boards;  // changed only while no desk asks
  std::atomic<int> desks{0};

 private:
  std::string path_;
  Published<Snapshot> snapshot_;
  mutable std::mutex mutex_;
  std::vector<std::string> commands_;
  std::unique_ptr<DoorServer> server_;  // last: its thread uses what is above
};

// Blocking, with a limit on every wait. Usable after fork: no lock, no doctest.
class BareDesk {
 public:
  explicit BareDesk(const std::string& path)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    std::strncpy(a.sun_path, path.c_str(), sizeof a.sun_path - 1);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0;
  }
  BareDesk(const BareDesk&) = delete;
  BareDesk& operator=(const BareDesk&) = delete;
  ~BareDesk() { ::close(fd_); }
  bool connected() const { return connected_; }
  int fd() const { return fd_; }

  // False when the station closed before everything was taken.
  bool say(const std::string& text) const {
    for (std::size_t sent = 0; sent < text.size();) {
      const ssize_t n = ::send(fd_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<std::size_t>(n);
    }
    return true;
  }
  // The next line; nothing at the end of the connection (then ended() is true) or after 5 s.
  std::optional<std::string> line() {
    while (true) {
      if (const auto end = in_.find('\n'); end != std::string::npos) {
        std::string out = in_.substr(0, end);
        in_.erase(0, end + 1);
        return out;
      }
      pollfd ready{fd_, POLLIN, 0};
      if (::poll(&ready, 1, 5000) <= 0) return std::nullopt;
      char bytes[4096];
      const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
      if (n <= 0) {
        ended_ = true;
        return std::nullopt;
      }
      in_.append(bytes, static_cast<std::size_t>(n));
    }
  }
  bool ended() const { return ended_; }

 private:
  int fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string in_;
};

inline int open_descriptors() {
  int n = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    ++n;
  return n;
}

}  // namespace kakehashi::testing
