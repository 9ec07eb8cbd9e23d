// SPDX-License-Identifier: GPL-3.0-or-later
// The mix loops allocate nothing: every malloc of this program is counted, also those of libraries.
#include <doctest/doctest.h>

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <mutex>

#include "mixer/audio_mixer.h"
#include "mixer/sound/automix.h"
#include "mixer/sound/limiter.h"
#include "mixer/sound/loudness.h"
#include "mixer/sound/rider.h"
#include "mixer/sound/strip.h"
#include "tests/mixer/stage.h"

namespace {
std::atomic<long> allocations{0}, locks{0};
}

extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier): glibc's own names of the real ones
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
// NOLINTEND(bugprone-reserved-identifier)

void* malloc(std::size_t n) {
  ++allocations;
  return __libc_malloc(n);
}
void* calloc(std::size_t n, std::size_t size) {
  ++allocations;
  return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t n) {
  ++allocations;
  return __libc_realloc(p, n);
}
void* aligned_alloc(std::size_t alignment, std::size_t n) {
  ++allocations;
  return __libc_memalign(alignment, n);
}
int pthread_mutex_lock(pthread_mutex_t* mutex) {
  using Lock = int (*)(pthread_mutex_t*);
  static std::atomic<Lock> real{nullptr};
  if (!real) real = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  ++locks;
  return real.load()(mutex);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t n) {
  ++allocations;
  *p = __libc_memalign(alignment, n);
  return *p ? 0 : 12;
}
}

namespace kakehashi {
namespace {

using testing::Stage;

TEST_CASE("the counters count: new, malloc, what libraries take, and locks") {
  const long before = allocations;
  int* volatile kept = new int(5);  // volatile: or the compiler leaves the pair out
  delete kept;
  void* volatile bytes = std::malloc(10);
  std::free(bytes);
  bytes = std::aligned_alloc(64, 64);
  std::free(bytes);
  CHECK(allocations - before == 3);
  const long locked = locks;
  std::mutex mutex;
  { const std::lock_guard lock(mutex); }
  CHECK(locks - locked == 1);
}

// From the very first tick on.
long allocated_by_ticks(Stage& s, VideoMixer& mixer) {
  const long before = allocations;
  for (int tick = 0; tick < 100; ++tick) {
    s.now = s.now + Duration::milliseconds(1);
    const FramePtr out = mixer.program(s.inputs());
    const FramePtr next = mixer.preview(s.inputs());
    if (!out || !next) return -1;
  }
  return allocations - before;
}

// Every effect, on layers of three formats; the slides seen through a speaker's wall.
void add_looks(Stage& s) {
  Mask blur;
  blur.shape = Mask::Shape::Ellipse;
  blur.cover = Mask::Cover::Blur;
  blur.x = blur.y = 0.2;
  blur.w = blur.h = 0.4;
  s.show.scenes.push_back(Stage::scene("looks", {Stage::layer("slides", {0, 0, 480, 270}),
                                                 Stage::layer("cam", {40, 60, 200, 150}, 1),
                                                 Stage::layer("remote", {200, 100, 260, 150}, 2)}));
  auto& layers = s.show.scenes.back().layers;
  layers[0].look.masks = {blur};
  layers[0].look.turn = Turn::Half;
  layers[1].look.turn = Turn::Right;
  layers[1].look.flip_horizontal = true;
  layers[1].look.corner_radius = 20;
  layers[1].look.border.width = 4;
  layers[1].look.shadow = {4, 6, 8, 0.5};
  layers[1].look.correction.gamma = 1.3;
  layers[1].look.masks = {blur, Mask{}};
  layers[1].opacity = 0.9;
  layers[2].look.key.on = true;
  layers[2].look.corner_radius = 12;
  s.show.inputs[2].masks = {blur};
}

TEST_CASE("a steady picture allocates nothing") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 4);
  SUBCASE("passthrough") {}
  SUBCASE("two layers") { s.cut_to("talk"); }
  SUBCASE("two layers and a title fading in") {
    s.cut_to("talk");
    s.wish(SetOverlay{"title", true});
  }
  SUBCASE("passthrough with a title") { s.wish(SetOverlay{"title", true}); }
  SUBCASE("four layers of every ratio, one transparent, and a title") {
    s.show.scenes.push_back(Stage::scene(
        "quad",
        {Stage::layer("cam", {0, 0, 240, 134}), Stage::layer("slides", {240, 0, 240, 134}),
         Stage::layer("remote", {0, 134, 240, 136}), Stage::layer("cam", {100, 100, 250, 90}, 1)}));
    s.show.scenes.back().layers[3].opacity = 0.5;
    s.show.scenes.back().layers[1].fit = FitMode::Fill;
    s.cut_to("quad");
    s.wish(SetOverlay{"title", true});
  }
  SUBCASE("every effect of a layer") {
    add_looks(s);
    s.cut_to("looks");
  }
  SUBCASE("inside a mix of two layers") {
    s.show.mix_duration = Duration::seconds(10);
    s.mix_to("talk");
  }
  SUBCASE("the emergency card") { s.wish(EmergencyOn{}); }
  SUBCASE("a card scene with a missing input on preview") {
    s.frames[1] = {};
    s.cut_to("break");
    s.wish(SelectPreview{"talk"});
  }
  CHECK(allocated_by_ticks(s, mixer) == 0);
}

TEST_CASE("the same in a small preview") {
  Stage s;
  Canvas small = s.show.canvas;
  small.width = 320;
  small.height = 180;
  VideoMixer mixer(small, 4);
  s.cut_to("talk");
  CHECK(allocated_by_ticks(s, mixer) == 0);
}

TEST_CASE("cuts, mixes and cards in a row allocate nothing, each at its first tick") {
  Stage s;
  add_looks(s);
  VideoMixer mixer(s.show.canvas, 4);
  long in_ticks = 0;
  for (const char* scene : {"talk", "slides", "looks", "break", "remote", "looks", "talk"}) {
    s.mix_to(scene);
    for (int tick = 0; tick < 20; ++tick) {
      s.now = s.now + Duration::milliseconds(33);
      const long before = allocations;
      (void)mixer.program(s.inputs());
      in_ticks += allocations - before;
    }
  }
  CHECK(in_ticks == 0);
}

TEST_CASE("every kind of transition and all buses allocate nothing, each at its first tick") {
  Stage s;
  s.painted.overlays.clear();
  MovingLetters moving;
  auto image = std::make_shared<OverlayImage>();
  image->rect = {24, 170, 64, 32};
  image->stride_y = 64;
  image->stride_uv = 32;
  image->y.assign(64 * 32, 40);
  image->alpha.assign(64 * 32, 217);
  image->u.assign(32 * 16, 128);
  image->v.assign(32 * 16, 128);
  const std::vector<PaintedOverlay> pages{{"", image}};
  moving.pages["title"] = {{s.now, pages}, {s.now + Duration::milliseconds(500), pages}};
  moving.pages["card.a holding card with a long name"] = moving.pages["title"];
  s.show.cards[0].id = "a holding card with a long name";
  find_by_id(s.show.scenes, "break")->card = s.show.cards[0].id;
  s.wish(SetOverlay{"title", true});
  s.wish(SetBusScene{Bus::Venue, "slides"});
  find_by_id(s.show.scenes, "remote")->aux = "talk";
  VideoMixer mixer(s.show.canvas, 16);
  long in_ticks = 0;
  const char* scenes[] = {"talk", "break", "remote"};
  for (std::size_t kind = 0; kind < kTransitionKinds; ++kind) {
    s.wish(SelectPreview{scenes[kind % 3]});
    s.wish(SetTransition{static_cast<TransitionKind>(kind)});
    s.wish(Take{});
    for (int tick = 0; tick < 25; ++tick) {
      s.now = s.now + Duration::milliseconds(33);
      if (tick == 8) s.wish(TurnBack{});
      MixInputs in = s.inputs();
      in.moving = &moving;
      const long before = allocations;
      (void)mixer.buses(in, 0xF);
      in_ticks += allocations - before;
    }
  }
  CHECK(in_ticks == 0);
}

TEST_CASE("a strip allocates nothing, whatever is set, from its first block on") {
  SoundStrip strip;
  StripSettings settings = settings_of(ProcessingSet::Speech);
  settings.group = "a group with a name that no small string holds";
  AudioBlock block;
  long in_blocks = 0;
  for (int n = 0; n < 400; ++n) {
    for (std::size_t i = 0; i < block.samples.size(); ++i)
      block.samples[i] =
          static_cast<float>((n * 7919 + static_cast<int>(i) * 104729) % 1000) / 2e3F;
    settings.delay_ms = n / 50 * 100;
    settings.noise_db = n / 100 % 2 ? 0 : 12;
    settings.eq[1].gain_db = n / 30 % 4;
    settings.gate.range_db = n / 70 % 2 ? 0 : 10;
    settings.compressor.ratio = 1 + n / 90 % 3;
    const long before = allocations;
    strip.set(settings);
    strip.process(block);
    in_blocks += allocations - before;
  }
  CHECK(in_blocks == 0);
}

TEST_CASE("a tile of the multiview allocates nothing after the thread's first one") {
  Stage s;
  FramePool pool(PixelFormat::I420, 160, 90, 2);
  for (const auto& frame : s.frames) (void)make_thumbnail(*frame, pool);
  const long before = allocations;
  for (int i = 0; i < 10; ++i)
    for (const auto& frame : s.frames) (void)make_thumbnail(*frame, pool);
  CHECK(allocations - before == 0);
}

TEST_CASE("a block of sound allocates and locks nothing, from the first one on") {
  Show show;
  for (const char* id : {"a", "b", "c", "d"}) {
    Input i;
    i.id = id;
    i.audio = true;
    show.inputs.push_back(i);
  }
  for (std::size_t set = 0; set < 4; ++set)  // all that a strip can do
    show.inputs[set].sound = settings_of(static_cast<ProcessingSet>(set));
  show.inputs[0].sound.group = show.inputs[1].sound.group = "a group of talkers with a long name";
  show.inputs[2].partner = "guest";
  show.inputs[3].sound.duck_db = 6;
  show.inputs[3].sound.follow_picture = true;
  show.scenes.emplace_back().id = "a scene whose name is no short string";
  show.sound.venue = {"c", "d"};
  LiveState live = initial_state(show);
  AudioMixer mixer(show);
  std::vector<AudioBlock> in(4), out(mixer.bus_list().size());
  for (auto& b : in) b.samples.fill(0.1F);
  const long before = allocations, locked = locks;
  for (int i = 0; i < 500; ++i) {
    live.strips[0].muted = i % 7 == 0;
    live.strips[1].listen = i % 50 == 0;
    live.emergency = i % 90 > 80;
    mixer.duck(2, kVenueBus, i % 3);
    if (i == 300) mixer.begin_programme();
    mixer.mix(show, live, MediaTime{} + Duration::milliseconds(10 * i), in, out);
  }
  CHECK(allocations - before == 0);
  CHECK(locks - locked == 0);
}

TEST_CASE("levelling allocates nothing, however much there is to do") {
  constexpr std::size_t kMicrophones = 16;
  Automix automix(kMicrophones);
  std::vector<AudioBlock> in(kMicrophones);
  std::vector<AutomixPlace> places(kMicrophones);
  std::vector<float> gains(kMicrophones);
  for (AutomixPlace& p : places) p.in = true;
  LoudnessRider rider;
  TruePeakLimiter limiter;
  LoudnessMeter meter;
  double lowered = 0;
  const long before = allocations;
  for (int n = 0; n < 500; ++n) {
    for (std::size_t i = 0; i < kMicrophones; ++i)
      for (std::size_t k = 0; k < in[i].samples.size(); ++k)
        in[i].samples[k] = static_cast<float>((k * 7919 + i * 31 + n) % 1000) / 100 - 5;
    automix.share(in, places, gains);
    (void)rider.ride(in[0], automix.talks(0) || n % 3 > 0, {-16, 2}, 9);
    limiter.process(in[0], -1.5);
    lowered = std::min(lowered, limiter.reduction_db());
    meter.add(in[0]);
    if (n == 250) meter.begin_programme();
  }
  CHECK(allocations - before == 0);
  CHECK(lowered < -6);
  CHECK(meter.integrated_lufs() > -20);
}

}  // namespace
}  // namespace kakehashi
