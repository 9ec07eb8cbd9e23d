// SPDX-License-Identifier: GPL-3.0-or-later
// The sound of one application on this computer (a meeting in a browser, a player), by its name.
// It need not play yet: the role is silent until it does, and again when it stops.
#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "capture/kinds.h"
#include "capture/sound_server.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

constexpr std::chrono::milliseconds kConnect{3000}, kAnswer{1000}, kTurn{10};
constexpr auto kLookAnyway = Duration::seconds(2);  // should the server forget to tell

const KindDescription& description() {
  static const KindDescription d{
      "application",
      {"アプリの音", "Sound of an application"},
      {text_field("device", {"アプリの名前", "The application's name"}, "")},
      false,
      true};
  return d;
}

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return s;
}

class ApplicationSource final : public Source {
 public:
  ApplicationSource(std::string name, const SourceContext& c, std::unique_ptr<SoundServer> server)
      : context_(c), name_(std::move(name)), server_(std::move(server)) {
    thread_ = std::thread([this] {
      begin_thread("src." + context_.input, Urgency::Ordinary);
      run();
    });
  }
  ~ApplicationSource() override {
    stop_ = true;
    thread_.join();
    context_.audio->channels().clear();
  }

  Status poll() override {
    if (!gone_) return {};
    return Error{ErrorKind::TryLater, "the sound server ended; it is looked for again"};
  }
  std::string format() const override { return "2 channels 48000 Hz"; }
  std::string device() const override { return name_; }
  std::uint64_t lost() const override { return lost_; }
  Duration patience() const override { return Duration::seconds(1); }

 private:
  void run() {
    ApplicationMix mix([this](std::span<const float> stereo, MediaTime captured, bool broken) {
      if (broken) context_.audio->discontinuity();
      context_.audio->push(stereo, ApplicationMix::kChannels, ApplicationMix::kRate, captured);
      peaks_.measure(stereo, ApplicationMix::kChannels, ApplicationMix::kRate);
      context_.audio->channels().show(peaks_);
    });
    bool look = true;
    server_->when_changed([&look] { look = true; });
    MediaTime looked{};
    while (!stop_) {
      const MediaTime now = context_.clock->now();
      if (look || now - looked > kLookAnyway) {
        look = false;
        looked = now;
        if (!follow(mix)) break;
      }
      if (!server_->turn(kTurn)) break;
      mix.tick(context_.clock->now());
      lost_ = mix.left_out() / ApplicationMix::kReady;
    }
    gone_ = !stop_;
    server_.reset();
  }

  // Begins and ends to listen to streams as they come and go. False: the server is gone.
  bool follow(ApplicationMix& mix) {
    const auto all = server_->playing(kAnswer);
    if (!all.ok()) return false;
    std::set<std::uint32_t> wanted;
    for (const Playing& p : *all)
      if (lower(p.application) == lower(name_) || lower(p.program) == lower(name_))
        wanted.insert(p.stream);
    for (auto it = heard_.begin(); it != heard_.end();) {
      if (wanted.count(*it) > 0) {
        ++it;
        continue;
      }
      server_->stop_listening(*it);
      mix.remove(*it);
      it = heard_.erase(it);
    }
    for (const std::uint32_t stream : wanted) {
      if (heard_.count(stream) > 0) continue;
      mix.add(stream);
      if (server_
              ->listen(stream,
                       [this, &mix, stream](std::span<const float> stereo) {
                         mix.arrive(stream, stereo, context_.clock->now());
                       })
              .ok())
        heard_.insert(stream);
      else
        mix.remove(stream);
    }
    return true;
  }

  const SourceContext context_;
  const std::string name_;
  std::unique_ptr<SoundServer> server_;  // of the thread
  std::set<std::uint32_t> heard_;        // likewise
  ChannelPeaks peaks_;
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<bool> stop_{false}, gone_{false};
  std::thread thread_;
};

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  if (!c.audio) return Error{ErrorKind::FixInput, "an application's sound has no picture"};
  auto name = setting<std::string>(description(), s, "device");
  if (name.empty())
    return Error{ErrorKind::FixInput,
                 "no application is named; set \"device\" to the name that "
                 "`kakehashi-station devices` shows while it plays"};
  auto server = SoundServer::connect(kConnect);
  if (!server.ok()) return std::move(server).error();
  return std::unique_ptr<Source>(
      std::make_unique<ApplicationSource>(std::move(name), c, std::move(*server)));
}

}  // namespace

SourceKind application_kind() { return {description(), SourceNature::Device, open}; }

}  // namespace kakehashi
