// SPDX-License-Identifier: GPL-3.0-or-later
// A film whose flash and beep begin together each second, sent by ffmpeg in real time, and the eyes
// and ears to compare them after our own road.
#pragma once

#include <algorithm>

#include "capture/input_feed.h"
#include "tests/capture/rig.h"

namespace kakehashi::testing {

inline MonotonicClock real;

inline std::vector<std::string> film_command(bool real_time, double seconds,
                                             const std::vector<std::string>& to) {
  const std::string length = std::to_string(seconds);
  std::vector<std::string> c{"ffmpeg", "-nostdin", "-loglevel", "error", "-y"};
  if (real_time) c.emplace_back("-re");
  c.insert(c.end(), {"-f", "lavfi", "-i",
                     "color=black:s=320x180:r=30:d=" + length +
                         ",drawbox=t=fill:c=white:enable='lt(mod(t,1),0.2)'"});
  if (real_time) c.emplace_back("-re");
  c.insert(c.end(), {"-f", "lavfi", "-i",
                     "aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t,1),0.2)':s=48000:d=" + length, "-c:v",
                     "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt",
                     "yuv420p", "-g", "30", "-c:a", "aac"});
  c.insert(c.end(), to.begin(), to.end());
  return c;
}
inline std::unique_ptr<Process> send_film(const std::vector<std::string>& to) {
  auto p = Process::start(film_command(true, 60, to), {}, "/dev/null");
  REQUIRE(p);
  return p;
}
inline void make_film(double seconds, const std::vector<std::string>& to) {
  REQUIRE(run(film_command(false, seconds, to)) == 0);
}

// Opens again and again as a feed does, until the peer is up.
inline std::unique_ptr<Source> open_soon(SourceRig& rig, const Settings& settings) {
  std::unique_ptr<Source> source;
  std::string last;
  wait_until(
      [&] {
        auto opened = rig.open("network", settings);
        if (opened.ok())
          source = std::move(opened).value();
        else
          last = opened.error().message;
        return source != nullptr;
      },
      std::chrono::seconds(15));
  INFO(last);
  CHECK(source);
  return source;
}

// When flashes and beeps began, in seconds of the session.
struct Seen {
  std::vector<double> flashes, beeps;
  int pictures = 0;
  // For each flash how much later its beep is; those without one are left out.
  std::vector<double> offsets() const {
    std::vector<double> out;
    for (const double f : flashes)
      for (const double b : beeps)
        if (std::abs(b - f) < 0.45) out.push_back(b - f);
    std::sort(out.begin(), out.end());
    return out;
  }
};

inline Seen look_and_listen(SourceRig& rig, Source& source, double seconds) {
  Seen seen;
  bool white = true, loud = true;  // whatever is on when we begin is not an onset
  AudioBlock block;
  std::int64_t at = sample_at(rig.clock.now() - rig.context.epoch) / kBlockSamples;
  for (const std::int64_t end = at + static_cast<std::int64_t>(seconds * 100); at < end; ++at) {
    block.position = at * kBlockSamples;
    const Duration moment = time_of_sample(block.position);
    rig.clock.sleep_until(rig.context.epoch + moment + Duration::milliseconds(40));
    if (at % 10 == 0) CHECK(source.poll().ok());
    rig.audio.read(block, rig.context.epoch + moment + Duration::milliseconds(40));
    bool sound = false;
    for (int i = 0; i < kBlockSamples; ++i) {
      if (std::abs(block.samples[static_cast<std::size_t>(2 * i)]) < 0.05F) continue;
      if (!loud && !sound) seen.beeps.push_back(moment.to_seconds() + i / 48000.0);
      sound = true;
    }
    loud = sound;
    const MediaTime tick = rig.clock.now();
    const PictureAt got = rig.video.at(tick);
    if (!got.frame) continue;
    if (got.fresh) ++seen.pictures;
    const bool light = got.frame->plane(0).data[1000] > 128;
    if (light && !white) seen.flashes.push_back((tick - rig.context.epoch).to_seconds());
    white = light;
  }
  return seen;
}

// Whether sound and picture come to be together: a muxer's own delay between them would be 700 ms
// for ever, a machine that is busy elsewhere some hundred for a moment.
inline bool together(SourceRig& rig, Source& source) {
  return in_good_time(
      [&] {
        const std::vector<double> off = look_and_listen(rig, source, 2.6).offsets();
        return off.size() >= 2 && std::abs(off[off.size() / 2]) < 0.12;
      },
      8);
}

// A network camera in a process of its own (tests/support/rtsp_camera.cpp).
struct Camera {
  std::string port = std::to_string(free_port());
  std::unique_ptr<Process> process;

  explicit Camera(std::vector<std::string> more) { start(std::move(more)); }
  void start(std::vector<std::string> more) {
    std::vector<std::string> command{RTSP_CAMERA, "--port", port};
    command.insert(command.end(), more.begin(), more.end());
    process = Process::start(command, {}, "/dev/null");
    REQUIRE(process);
    REQUIRE(process->wait_for("ready"));
  }
  std::string uri(const std::string& host = "127.0.0.1") const {
    return "rtsp://" + host + ":" + port + "/cam";
  }
};

struct PatientRig : SourceRig {
  PatientRig() { oldest = Duration::seconds(3); }
};

inline std::int64_t push_port() {
  static const std::int64_t port = free_port();
  return port;
}

inline FeedConfig feed_config(const std::string& kind, const Settings& settings,
                              bool audio = true) {
  REQUIRE(init_capture().ok());
  FeedConfig c;
  c.input.id = "in";
  c.input.video = true;
  c.input.audio = audio;
  c.canvas = {640, 360, {30, 1}};
  c.epoch = real.now();
  c.clock = &real;
  c.spec = SourceSpec{kind, settings};
  return c;
}
inline bool reaches(InputFeed& feed, SignalState wanted,
                    std::chrono::milliseconds limit = std::chrono::seconds(10)) {
  return wait_until(
      [&] {
        (void)feed.video().at(real.now());
        return feed.status(real.now()).signal == wanted;
      },
      limit);
}

}  // namespace kakehashi::testing
