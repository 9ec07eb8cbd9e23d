// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/mix_threads.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "mixer/compositor.h"
#include "tests/bench/mix_content.h"

namespace kakehashi::bench {
namespace {

using Clock = std::chrono::steady_clock;
double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// Draws a scene in one or in two horizontal halves at the same time.
class Halves {
 public:
  Halves() : helper_([this] { help(); }) {}
  ~Halves() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_one();
    helper_.join();
  }

  void draw(const std::vector<CompositorItem>& items, const Picture& out, bool two) {
    items_ = items;
    if (!two) return mine_.draw(items_, out);
    const int half = out.height / 4 * 2;
    lower_ = items;
    for (CompositorItem& i : lower_) i.rect.y -= half;
    {
      const std::lock_guard lock(mutex_);
      target_ = out.part({0, half, out.width, out.height - half});
      busy_ = true;
    }
    wake_.notify_one();
    mine_.draw(items_, out.part({0, 0, out.width, half}));
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return !busy_; });
  }

 private:
  void help() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return busy_ || stop_; });
      if (stop_) return;
      lock.unlock();
      other_.draw(lower_, target_);
      lock.lock();
      busy_ = false;
      done_.notify_one();
    }
  }

  Compositor mine_{kWidth, kHeight}, other_{kWidth, kHeight};
  std::vector<CompositorItem> items_, lower_;
  Picture target_;
  bool busy_ = false, stop_ = false;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::thread helper_;
};

struct Ready {
  double median = 0, late = 0;  // ms; the latter of one picture in a hundred
};

// Ticks at 30 per second until `enough`.
template <class Enough>
Ready tick(const GridStudio& studio, Halves& halves, bool two, Enough enough) {
  const auto places = grid(4);
  ScratchPicture pictures[4];
  std::vector<double> ms;
  auto next = Clock::now();
  for (int t = 0; !enough(t); ++t) {
    std::vector<CompositorItem> items(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      items[i].frame = studio.sources[i][static_cast<std::size_t>(t % kPictures)].get();
      items[i].rect = places[i];
    }
    next += std::chrono::microseconds(33'333);
    std::this_thread::sleep_until(next);
    const auto begin = Clock::now();
    halves.draw(items, pictures[t % 4].view(kWidth, kHeight), two);
    ms.push_back(ms_since(begin));
  }
  std::sort(ms.begin(), ms.end());
  return {ms[ms.size() / 2], ms[ms.size() * 99 / 100]};
}

}  // namespace

std::vector<Figure> measure_threads(const PeerFiles& files, GridStudio& studio) {
  constexpr int kTicks = 150, kEncoded = 300;
  const std::string encode =
      "ffmpeg -nostdin -v error -f rawvideo -pix_fmt yuv420p -s 1920x1080 -r 30 -stream_loop -1 "
      "-i " +
      files.video(0) + " -frames:v " + std::to_string(kEncoded) +
      " -c:v libx264 -preset superfast -tune zerolatency -threads 2 -x264-params sliced-threads=1"
      " -b:v 5000k -f null -";
  std::vector<Figure> all;
  Halves halves;
  for (const bool two : {false, true}) {
    const std::string name = two ? "threads.2." : "threads.1.";
    const auto alone = tick(studio, halves, two, [](int t) { return t >= kTicks; });
    std::atomic<bool> over{false};
    double wall = 0;
    std::thread encoder([&] {
      const auto begin = Clock::now();
      wall = run_program(encode) < 0 ? 0 : ms_since(begin);
      over = true;
    });
    const auto beside = tick(studio, halves, two, [&](int t) { return t > 0 && over; });
    encoder.join();
    const auto add = [&](const std::string& what, double value) {
      Figure f{name + what, value, "ms", "", 0};
      if (two) {
        f.against = "threads.1." + what;
        for (const Figure& one : all)
          if (one.name == f.against && one.value > 0) f.ratio = value / one.value;
      }
      all.push_back(f);
    };
    add("n4_ready", alone.median);
    add("n4_ready_99", alone.late);
    add("n4_ready_beside_x264", beside.median);
    add("n4_ready_beside_x264_99", beside.late);
    add("x264_per_picture", wall / kEncoded);
  }
  print(all);
  return all;
}

}  // namespace kakehashi::bench
