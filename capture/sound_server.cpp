// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/sound_server.h"

#include <pulse/pulseaudio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>

#include "capture/device_identity.h"

namespace kakehashi {
namespace {

using Clock = std::chrono::steady_clock;

Error no_server(ErrorKind kind, const std::string& why) {
  return {kind,
          "the sound server (PulseAudio or PipeWire) " + why +
              "; start it, or choose a sound card instead",
          {"このパソコンの音のしくみ（PipeWire）が動いていません。→ "
           "いったんログアウトして、入り直してください。",
           "This computer's sound server does not run. -> Log out and in again."}};
}

std::string text(const pa_proplist* of, const char* key) {
  const char* value = pa_proplist_gets(of, key);
  return value ? clean_name(value) : std::string();
}

bool ours(const pa_proplist* of) {
  return text(of, PA_PROP_APPLICATION_PROCESS_ID) == std::to_string(getpid()) ||
         text(of, PA_PROP_APPLICATION_PROCESS_BINARY).starts_with("kakehashi");
}

}  // namespace

struct SoundServer::Impl {
  struct Ear {
    pa_stream* stream = nullptr;
    Heard heard;
  };
  pa_mainloop* loop = pa_mainloop_new();
  pa_context* context = pa_context_new(pa_mainloop_get_api(loop), "Kakehashi");
  std::function<void()> changed;
  std::map<std::uint32_t, Ear> ears;

  ~Impl() {
    while (!ears.empty()) drop(ears.begin()->first);
    pa_context_set_subscribe_callback(context, nullptr, nullptr);
    pa_context_disconnect(context);
    pa_context_unref(context);
    pa_mainloop_free(loop);
  }

  bool alive() const { return PA_CONTEXT_IS_GOOD(pa_context_get_state(context)); }

  bool turn(std::chrono::milliseconds longest) {
    const auto us = static_cast<int>(std::chrono::microseconds(longest).count());
    if (pa_mainloop_prepare(loop, us) < 0 || pa_mainloop_poll(loop) < 0 ||
        pa_mainloop_dispatch(loop) < 0)
      return false;
    return alive();
  }

  // False: not in time, or the server is gone.
  template <typename Done>
  bool turn_until(std::chrono::milliseconds patience, Done done) {
    const auto end = Clock::now() + patience;
    while (!done()) {
      if (Clock::now() >= end || !turn(std::chrono::milliseconds(10))) return done();
    }
    return true;
  }

  void drop(std::uint32_t stream) {
    const auto it = ears.find(stream);
    if (it == ears.end()) return;
    pa_stream_set_read_callback(it->second.stream, nullptr, nullptr);
    pa_stream_disconnect(it->second.stream);
    pa_stream_unref(it->second.stream);
    ears.erase(it);
  }

  static void read(pa_stream* stream, std::size_t, void* self) {
    auto& ear = *static_cast<Ear*>(self);
    static constexpr std::array<float, 2 * 480> kNothing{};
    while (pa_stream_readable_size(stream) > 0) {
      const void* data = nullptr;
      std::size_t bytes = 0;
      if (pa_stream_peek(stream, &data, &bytes) < 0 || bytes == 0) return;
      std::size_t samples = bytes / sizeof(float);
      if (data) ear.heard({static_cast<const float*>(data), samples});
      while (!data && samples > 0) {  // a hole: the server has nothing for this time
        const std::size_t n = std::min(samples, kNothing.size());
        ear.heard({kNothing.data(), n});
        samples -= n;
      }
      pa_stream_drop(stream);
    }
  }
};

SoundServer::SoundServer() : impl_(std::make_unique<Impl>()) {}
SoundServer::~SoundServer() = default;

Result<std::unique_ptr<SoundServer>> SoundServer::connect(std::chrono::milliseconds patience) {
  std::unique_ptr<SoundServer> made(new SoundServer);
  Impl& i = *made->impl_;
  if (pa_context_connect(i.context, nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr) < 0)
    return no_server(ErrorKind::NotFound, "is not there");
  const auto state = [&] { return pa_context_get_state(i.context); };
  i.turn_until(patience, [&] { return state() == PA_CONTEXT_READY || !i.alive(); });
  if (state() == PA_CONTEXT_READY) return made;
  return i.alive() ? no_server(ErrorKind::TryLater, "does not answer")
                   : no_server(ErrorKind::NotFound, "is not there");
}

Result<std::vector<Playing>> SoundServer::playing(std::chrono::milliseconds patience) {
  struct Answer {
    std::vector<Playing> all;
    bool complete = false;
  } answer;
  const auto take = [](pa_context*, const pa_sink_input_info* info, int end, void* to) {
    auto& a = *static_cast<Answer*>(to);
    if (end != 0) {
      a.complete = true;
      return;
    }
    if (!info->proplist || ours(info->proplist)) return;
    // A loopback or an effect of the server itself has no client.
    if (info->client == PA_INVALID_INDEX) return;
    Playing p{info->index, text(info->proplist, PA_PROP_APPLICATION_NAME),
              text(info->proplist, PA_PROP_APPLICATION_PROCESS_BINARY)};
    if (p.application.empty()) p.application = p.program;
    if (p.application.empty() && info->name) p.application = clean_name(info->name);
    if (!p.application.empty()) a.all.push_back(std::move(p));
  };
  pa_operation* asked = pa_context_get_sink_input_info_list(impl_->context, take, &answer);
  if (!asked) return no_server(ErrorKind::TryLater, "is gone");
  const bool told = impl_->turn_until(patience, [&] { return answer.complete; });
  pa_operation_cancel(asked);  // `answer` ends here
  pa_operation_unref(asked);
  if (!told) return no_server(ErrorKind::TryLater, "does not answer");
  return std::move(answer.all);
}

void SoundServer::when_changed(std::function<void()> changed) {
  impl_->changed = std::move(changed);
  pa_context_set_subscribe_callback(
      impl_->context,
      [](pa_context*, pa_subscription_event_type_t, std::uint32_t, void* self) {
        static_cast<Impl*>(self)->changed();
      },
      impl_.get());
  if (pa_operation* o =
          pa_context_subscribe(impl_->context, PA_SUBSCRIPTION_MASK_SINK_INPUT, nullptr, nullptr))
    pa_operation_unref(o);
}

Status SoundServer::listen(std::uint32_t stream, Heard heard) {
  const pa_sample_spec form{PA_SAMPLE_FLOAT32LE, ApplicationMix::kRate, ApplicationMix::kChannels};
  pa_stream* made = pa_stream_new(impl_->context, "Kakehashi", &form, nullptr);
  if (!made) return no_server(ErrorKind::TryLater, "gives no stream");
  Impl::Ear& ear = impl_->ears[stream];
  ear = {made, std::move(heard)};
  pa_stream_set_read_callback(made, Impl::read, &ear);  // a map's places stay
  constexpr auto kAny = static_cast<std::uint32_t>(-1);
  const pa_buffer_attr room{
      kAny, kAny, kAny, kAny,
      ApplicationMix::kRate / 100 * ApplicationMix::kChannels * sizeof(float)};
  // It follows its application to another output by itself; without ADJUST_LATENCY the pieces
  // would be up to two seconds long.
  const auto flags = static_cast<pa_stream_flags_t>(PA_STREAM_ADJUST_LATENCY |
                                                    PA_STREAM_DONT_INHIBIT_AUTO_SUSPEND);
  if (pa_stream_set_monitor_stream(made, stream) < 0 ||
      pa_stream_connect_record(made, nullptr, &room, flags) < 0) {
    impl_->drop(stream);
    return no_server(ErrorKind::TryLater, "refuses to be listened to");
  }
  return {};
}

void SoundServer::stop_listening(std::uint32_t stream) { impl_->drop(stream); }

bool SoundServer::turn(std::chrono::milliseconds longest) { return impl_->turn(longest); }

}  // namespace kakehashi
