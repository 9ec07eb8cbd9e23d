// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/cpu_trial.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "core/bounded_queue.h"
#include "core/frame_pool.h"
#include "core/layout_table.h"
#include "core/stats.h"
#include "encoder/video_encoder.h"
#include "mixer/switcher.h"
#include "mixer/video_mixer.h"

namespace kakehashi {
namespace {

constexpr int kPictures = 8;  // different ones; the encoder meets the same again after as many
constexpr int kMixerPictures = 12;
constexpr int kTriesPerScene = 4;
constexpr std::size_t kQueue = 4;  // as on the road to the encoder

// A hall as a camera sees it: texture that pans slowly, and the grain of a sensor. A drawn test
// pattern would cost the encoder next to nothing.
std::vector<FramePtr> moving_pictures(int width, int height) {
  FramePool pool(PixelFormat::I420, width, height, kPictures);
  std::vector<FramePtr> all;
  std::uint32_t seed = 1;
  for (int n = 0; n < kPictures; ++n) {
    auto frame = pool.acquire();
    if (!frame) break;
    for (int p = 0; p < 3; ++p) {
      const int w = p ? width / 2 : width, h = p ? height / 2 : height;
      const int pan = p ? n : 2 * n;
      for (int y = 0; y < h; ++y) {
        std::uint8_t* line = frame->plane(p) + static_cast<std::ptrdiff_t>(y) * frame->stride(p);
        for (int x = 0; x < w; ++x) {
          seed = seed * 1664525U + 1013904223U;
          const int u = x + pan, texture = ((u * 3) ^ (y * 5)) & 31;
          const int slope = (u / 4 + y / 3) & 127;
          const int grain = static_cast<int>(seed >> 29) - 4;
          line[x] = static_cast<std::uint8_t>(p ? 120 + slope / 16 + grain / 2
                                                : 48 + slope + texture + grain);
        }
      }
    }
    frame->info().sequence = static_cast<std::uint64_t>(n);
    all.push_back(std::move(*frame).publish());
  }
  return all;
}

class Studio {
 public:
  Studio(const Show& show, const PaintedSet& painted, const Canvas& canvas)
      : show_(arranged(show)),
        painted_(painted),
        mixer_(canvas, kMixerPictures),
        pictures_(moving_pictures(1920, 1080)),
        live_(initial_state(show_)),
        now_(show_.inputs.size()) {
    wanted_ = bus_bit(Bus::Program) | bus_bit(Bus::Venue);
    if (show_.record.clean) wanted_ |= bus_bit(Bus::Clean);
    for (OverlayState& o : live_.overlays) {
      o.on = true;
      o.since = {};
    }
  }

  BusPictures mix(const std::string& scene, std::int64_t n, MediaTime time) {
    live_.program = scene;
    for (std::size_t i = 0; i < now_.size(); ++i)
      if (show_.inputs[i].video)
        now_[i] = pictures_[(static_cast<std::size_t>(n) + 3 * i) % pictures_.size()];
    return mixer_.buses({show_, live_, now_, painted_, time}, wanted_);
  }

  // The scene that takes longest to mix.
  std::string heaviest(Clock& clock) {
    std::string worst = show_.scenes.empty() ? "" : show_.scenes.front().id;
    Duration longest;
    std::int64_t n = 0;
    for (const Scene& scene : show_.scenes) {
      if (!scene.card.empty()) continue;
      Duration best = Duration::seconds(10);
      for (int i = 0; i < kTriesPerScene; ++i, ++n) {
        const MediaTime began = clock.now();
        mix(scene.id, n, began);
        if (i > 0) best = std::min(best, clock.now() - began);
      }
      if (best > longest) {
        longest = best;
        worst = scene.id;
      }
    }
    return worst;
  }

 private:
  const Show show_;
  const PaintedSet& painted_;
  VideoMixer mixer_;
  const std::vector<FramePtr> pictures_;
  LiveState live_;
  std::vector<FramePtr> now_;
  BusSet wanted_ = 0;
};

// An encoder on a thread of its own, as on air.
class EncodeTrial {
 public:
  EncodeTrial(std::unique_ptr<VideoEncoder> encoder, Clock& clock)
      : clock_(clock), encoder_(std::move(encoder)), thread_([this] { run(); }) {}
  ~EncodeTrial() { finish(); }
  void finish() {
    done_ = true;
    queue_.close();
    if (thread_.joinable()) thread_.join();
  }
  bool push(FramePtr frame, std::int64_t n) { return queue_.push({std::move(frame), n}); }
  const LatencyHistogram& times() const { return times_; }
  const std::string& name() const { return encoder_->name(); }

 private:
  struct Waiting {
    FramePtr frame;
    std::int64_t n = 0;
  };
  void run() {
    for (;;) {
      const auto next = queue_.wait_pop(std::chrono::milliseconds(200));
      if (!next && done_) return;
      if (!next) continue;
      const MediaTime began = clock_.now();
      if (!encoder_->encode(next->frame, next->n, false)) continue;
      if (next->n > 2) times_.add(clock_.now() - began);
    }
  }
  Clock& clock_;
  std::unique_ptr<VideoEncoder> encoder_;
  BoundedQueue<Waiting> queue_{kQueue, WhenFull::Refuse};
  std::atomic<bool> done_{false};
  LatencyHistogram times_;
  std::thread thread_;
};

}  // namespace

Result<CpuFigures> measure_cpu(const Show& show, const PaintedSet& painted, const CpuWish& wish,
                               Clock& clock, const std::atomic<bool>& stop,
                               const std::function<void(double)>& tell) {
  CpuFigures figures;
  Studio studio(show, painted, wish.canvas);
  figures.scene = studio.heaviest(clock);
  std::vector<std::unique_ptr<EncodeTrial>> encoders;
  for (int i = 0; i < (show.record.clean ? 2 : 1); ++i) {
    auto encoder = open_video_encoder(wish.encode, wish.canvas);
    if (!encoder) return encoder.error();
    encoders.push_back(std::make_unique<EncodeTrial>(std::move(*encoder), clock));
  }
  figures.encoder = encoders[0]->name();
  const Rate rate = wish.canvas.rate;
  figures.period_ms = rate.period().to_milliseconds();
  LatencyHistogram mixing;
  const MediaTime epoch = clock.now();
  const std::int64_t count = rate.index_at(wish.length);
  for (std::int64_t n = 0; n < count && !stop; ++n) {
    const MediaTime due = epoch + rate.time_of(n);
    clock.sleep_until(due);
    const MediaTime began = clock.now();
    if (began - due > rate.period()) ++figures.late;
    const BusPictures made = studio.mix(figures.scene, n, due);
    mixing.add(clock.now() - began);
    if (!encoders[0]->push(made[Bus::Program], n)) ++figures.skipped;
    if (encoders.size() > 1) encoders[1]->push(made[Bus::Clean], n);
    ++figures.pictures;
    if (n % 10 == 0) tell(static_cast<double>(n) / static_cast<double>(count));
  }
  for (auto& e : encoders) e->finish();
  figures.mix_p95_ms = mixing.quantile(0.95).to_milliseconds();
  for (const auto& e : encoders) {
    figures.encode_p95_ms =
        std::max(figures.encode_p95_ms, e->times().quantile(0.95).to_milliseconds());
    figures.encode_max_ms = std::max(figures.encode_max_ms, e->times().max().to_milliseconds());
  }
  return figures;
}

}  // namespace kakehashi
