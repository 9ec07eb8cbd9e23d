// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in source: a picture that can be read by a machine, and sound that starts with a flash.
//
// Picture n belongs to the program's tick n (epoch + rate.time_of(n); while the ticks follow a
// camera: where they are). Like a real source it exists
// a little earlier: captured = tick - phase_lead, and that is what its code says. The flash belongs
// to the tick, not to the capture time: the picture whose tick is the first at or after a whole
// session second carries it, and the beep starts on exactly that second. So on program the two
// start together and an offset measured later is the fault of what lies between.
#include <atomic>
#include <cmath>
#include <limits>
#include <numbers>
#include <thread>
#include <vector>

#include "capture/kinds.h"
#include "capture/test_pattern.h"
#include "core/frame_pool.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

constexpr std::int64_t kBeepSamples = kSampleRate / 10;
constexpr double kBeepHz = 1000;

const KindDescription& description() {
  static const KindDescription d{
      "test",
      {"テスト信号", "Test signal"},
      {
          {"pattern",
           {"絵柄", "Pattern"},
           std::string("bars"),
           false,
           -1e18,
           1e18,
           {"bars", "moving", "lecture", "person"}},
          {"hue", {"色合い（0～359）", "Hue (0-359)"}, std::int64_t{210}, false, 0, 359, {}},
          {"beep", {"毎秒の確認音", "Beep every second"}, true, false, -1e18, 1e18, {}},
          {"tone_hz",
           {"連続音の高さ（Hz、0で無し）", "Continuous tone (Hz, 0: none)"},
           0.0,
           false,
           0,
           20000,
           {}},
          {"fps",
           {"毎秒の枚数（0で番組と同じ）", "Pictures per second (0: as the program)"},
           0.0,
           false,
           0,
           120,
           {}},
      },
      true,
      true};
  return d;
}

class TestSource final : public Source {
 public:
  TestSource(const Settings& s, const SourceContext& context)
      : context_(context),
        rate_(rate_or_canvas(setting<double>(description(), s, "fps"), context.canvas.rate)),
        grid_(context.grid && rate_ == context.canvas.rate
                  ? context.grid
                  : std::make_shared<const TickGrid>(context.epoch, rate_)),
        beep_(setting<bool>(description(), s, "beep")),
        tone_hz_(setting<double>(description(), s, "tone_hz")) {
    const auto& c = context_.canvas;
    if (context_.video) {
      pool_ = std::make_unique<FramePool>(PixelFormat::I420, c.width, c.height, 12);
      pattern_ = std::make_unique<TestPattern>(
          c.width, c.height, setting<std::string>(description(), s, "pattern"),
          static_cast<int>(setting<std::int64_t>(description(), s, "hue")));
    }
    thread_ = std::thread([this] { run(); });
  }
  ~TestSource() override {
    stop_ = true;
    thread_.join();  // within one picture or one block of sound
    if (context_.video) context_.video->clear();
  }

  Status poll() override { return {}; }
  bool own_pace() const override { return grid_ != context_.grid && rate_ != context_.canvas.rate; }
  std::string format() const override {
    const auto& c = context_.canvas;
    return std::to_string(c.width) + "x" + std::to_string(c.height) + " " +
           std::to_string(rate_.numerator) + "/" + std::to_string(rate_.denominator) + " I420";
  }

 private:
  MediaTime block_ready(std::int64_t block) const {
    return context_.epoch + time_of_sample((block + 1) * kBlockSamples);
  }

  void run() {
    begin_thread("src." + context_.input, Urgency::Mix);
    Clock& clock = *context_.clock;
    const MediaTime start = clock.now();
    const Duration lead = context_.phase_lead;
    MediaTime tick = grid_->after(grid_->at_or_before(start + lead));
    std::int64_t block = sample_at(start - context_.epoch) / kBlockSamples;
    while (!stop_) {
      tick = grid_->again(tick);
      const MediaTime next_picture = tick - lead, next_block = block_ready(block);
      const bool sound_first = context_.audio && (!context_.video || next_block < next_picture);
      if (!context_.audio && !context_.video) return;
      clock.sleep_until(sound_first ? next_block : next_picture);
      if (stop_) return;
      if (sound_first) {
        sound(block++);
        continue;
      }
      // Woken too late for the tick: this picture is nobody's, go on with the current one.
      tick = std::max(tick, grid_->at_or_before(clock.now() + lead));
      show(tick);
      tick = grid_->after(tick);
    }
  }

  void show(MediaTime tick) {
    auto frame = pool_->acquire();
    if (!frame) return;  // everything is still in use downstream: FrameSync repeats
    const std::int64_t tick_ns = (tick - context_.epoch).ns;
    // Also where the ticks have moved no two pictures have the same number.
    number_ = std::max(number_ + 1, rate_.index_at(tick - context_.epoch));
    FrameCode code;
    code.captured_us = (tick - context_.phase_lead).ns / 1000;
    code.number = static_cast<std::uint32_t>(number_ & 0xFFFFF);
    code.flash = beep_ && tick_ns >= 0 && tick_ns % 1'000'000'000 < 100'000'000;
    pattern_->paint(*frame, code);
    frame->info().captured = tick - context_.phase_lead;
    frame->info().sequence = sequence_++;
    context_.video->push(std::move(*frame).publish());
  }

  void sound(std::int64_t block) {
    std::array<float, static_cast<std::size_t>(kBlockSamples)> mono{};
    for (std::int64_t i = 0; i < kBlockSamples; ++i) {
      const std::int64_t position = block * kBlockSamples + i;
      const std::int64_t into = ((position % kSampleRate) + kSampleRate) % kSampleRate;
      double v = 0;
      if (beep_ && into < kBeepSamples) v += 0.5 * wave(kBeepHz, into);
      if (tone_hz_ > 0) v += 0.1 * wave(tone_hz_, position % (kSampleRate * 3600));
      mono[static_cast<std::size_t>(i)] = static_cast<float>(v);
    }
    context_.audio->push(mono, 1, kSampleRate,
                         context_.epoch + time_of_sample(block * kBlockSamples));
  }
  static double wave(double hz, std::int64_t sample) {
    return std::sin(2 * std::numbers::pi * hz * static_cast<double>(sample) / kSampleRate);
  }

  const SourceContext context_;
  const Rate rate_;
  const std::shared_ptr<const TickGrid> grid_;
  const bool beep_;
  const double tone_hz_;
  std::unique_ptr<FramePool> pool_;
  std::unique_ptr<TestPattern> pattern_;
  std::uint64_t sequence_ = 0;
  std::int64_t number_ = std::numeric_limits<std::int64_t>::min() / 2;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace

SourceKind test_kind() {
  return {description(), SourceNature::Test,
          [](const Settings& s, const SourceContext& c) -> Result<std::unique_ptr<Source>> {
            if (c.canvas.width < 64 || c.canvas.height < 64 || !c.canvas.rate.valid())
              return Error{ErrorKind::FixInput, "a test picture needs a canvas of 64x64 or more"};
            return std::unique_ptr<Source>(std::make_unique<TestSource>(s, c));
          }};
}

}  // namespace kakehashi
