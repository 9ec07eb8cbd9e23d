// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/picture_desk.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "core/relayout.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

Canvas small(const Canvas& canvas, int width, int height) { return {width, height, canvas.rate}; }

bool has_pages(const Input& input) {
  return input.video && input.source && input.source->kind == "slides";
}

FramePtr black(const Canvas& canvas) {
  FramePool pool(PixelFormat::I420, canvas.width, canvas.height, 1);
  FrameBuilder builder = std::move(*pool.acquire());
  for (int plane = 0; plane < 3; ++plane) {
    const int lines = plane ? canvas.height / 2 : canvas.height;
    std::memset(builder.plane(plane), plane ? 128 : 16,
                static_cast<std::size_t>(builder.stride(plane)) * static_cast<std::size_t>(lines));
  }
  return std::move(builder).publish();
}

constexpr Duration kTileEvery = Duration::milliseconds(80);  // 12 a second

bool has_sample(const LayoutRow& layout) {
  return !layout.slots.empty() && !find_box(layout.slots, "qr");
}

struct BoardPlan {
  std::string name;
  int width = 0, height = 0;
};

// The buses first, in their order.
std::vector<BoardPlan> boards_of(const Show& show) {
  constexpr int kTileWidth = PictureDesk::kTileWidth, kTileHeight = PictureDesk::kTileHeight;
  std::vector<BoardPlan> out;
  for (const std::string_view bus : kBusNames)
    out.push_back({std::string(bus), show.canvas.width, show.canvas.height});
  out.push_back({"preview", PictureDesk::kPreviewWidth, PictureDesk::kPreviewHeight});
  for (const auto& input : show.inputs)
    if (input.video) out.push_back({"input." + input.id, kTileWidth, kTileHeight});
  for (const auto& input : show.inputs)
    if (has_pages(input))
      out.push_back(
          {"pages." + input.id, Feed::kStripPages * Feed::kStripPageWidth, Feed::kStripPageHeight});
  for (const auto& scene : show.scenes)
    out.push_back({"scene." + scene.id, kTileWidth, kTileHeight});
  for (const LayoutRow& layout : layouts())
    if (has_sample(layout))
      out.push_back({"layout." + std::string(layout.id), kTileWidth, kTileHeight});
  return out;
}

// One scene per layout, filled with what this event has.
std::vector<Scene> layout_samples(const Show& show) {
  Show sample = show;
  sample.sign_language = false;  // each layout as it is
  sample.scenes.clear();
  for (const LayoutRow& layout : layouts()) {
    if (!has_sample(layout)) continue;
    Scene scene;
    scene.id = layout.id;
    scene.layout = layout.id;
    scene.slots = slots_for(show, scene, layout);
    sample.scenes.push_back(std::move(scene));
  }
  return arranged(sample).scenes;
}

}  // namespace

PictureDesk::PictureDesk(Clock& clock, const Stage& stage, Roads roads)
    : clock_(clock),
      roads_(roads),
      canvas_(stage.show->canvas),
      black_(black(stage.show->canvas)),
      preview_mixer_(small(stage.show->canvas, kPreviewWidth, kPreviewHeight), 3),
      scene_mixer_(small(stage.show->canvas, kTileWidth, kTileHeight), 3),
      sampled_(stage.show),
      samples_(layout_samples(*sampled_)) {}

Result<std::unique_ptr<PictureDesk>> PictureDesk::open(Clock& clock, const Stage& stage,
                                                       Roads roads) {
  std::unique_ptr<PictureDesk> desk(new PictureDesk(clock, stage, roads));
  for (BoardPlan& plan : boards_of(*stage.show)) {
    auto board = PictureBoard::create(plan.name, plan.width, plan.height);
    if (!board) return std::move(board.error()).context("make shared pictures");
    desk->boards_.push_back({std::move(plan.name), std::move(*board), 0});
  }
  desk->buses_thread_ = std::thread([d = desk.get()] { d->run_buses(); });
  desk->looking_thread_ = std::thread([d = desk.get()] { d->run_looking(); });
  return desk;
}

PictureDesk::~PictureDesk() {
  stop_ = true;
  if (buses_thread_.joinable()) buses_thread_.join();
  if (looking_thread_.joinable()) looking_thread_.join();
}

bool PictureDesk::fits(const Show& show) const {
  const auto wanted = boards_of(show);
  return show.canvas == canvas_ &&
         std::equal(wanted.begin(), wanted.end(), boards_.begin(), boards_.end(),
                    [](const auto& plan, const Board& b) { return plan.name == b.name; });
}

std::vector<BoardHandle> PictureDesk::boards() const {
  std::vector<BoardHandle> out;
  out.reserve(boards_.size());
  for (const auto& b : boards_)
    out.push_back({b.name, b.board->fd(), b.board->width(), b.board->height()});
  return out;
}

PictureDesk::Board* PictureDesk::find(const std::string& name) {
  for (auto& b : boards_)
    if (b.name == name) return &b;
  return nullptr;
}

void PictureDesk::run_buses() {
  begin_thread("venue", Urgency::Ordinary);
  while (!stop_) {
    if (const auto pictures = roads_.buses.wait(100ms)) show_buses(*pictures);
    blacken_unwatched(roads_.watched);
  }
}

void PictureDesk::show_buses(const TickPictures& pictures) {
  if (roads_.also) roads_.also(pictures);
  for (std::size_t i = 0; i < kBuses; ++i)
    if (pictures.frame[i]) {
      ++boards_[i].shown;
      boards_[i].board->show(*pictures.frame[i], static_cast<std::uint64_t>(pictures.number),
                             pictures.tick);
    }
}

void PictureDesk::blacken_unwatched(BusSet watched) {
  for (std::size_t i = 0; i < kBuses; ++i)
    if (boards_[i].shown > 0 && !(watched >> i & 1U)) {
      boards_[i].shown = 0;
      boards_[i].board->show(*black_, 0, clock_.now());
    }
}

void PictureDesk::run_looking() {
  begin_thread("looking", Urgency::Looking);
  while (!stop_) {
    const MediaTime begin = clock_.now();
    if (roads_.desks) {
      const auto moment = roads_.moment.load();
      if (moment->stage->show != sampled_) {
        sampled_ = moment->stage->show;
        samples_ = layout_samples(*sampled_);
      }
      gather(*moment, begin);
      show_inputs(*moment, begin);
      show_devices(begin);
      show_pages(*moment, begin);
      show_preview(*moment, begin);
      show_one_scene(*moment, begin);
      show_one_layout(*moment, begin);
      frames_.clear();
    }
    clock_.sleep_until(begin + kTileEvery);
  }
}

void PictureDesk::gather(const Moment& moment, MediaTime now) {
  frames_.clear();
  for (const auto& feed : moment.stage->feeds) frames_.push_back(feed->video().newest(now));
}

void PictureDesk::show_inputs(const Moment& moment, MediaTime now) {
  const Show& show = *moment.stage->show;
  for (std::size_t i = 0; i < show.inputs.size(); ++i) {
    Board* board = show.inputs[i].video ? find("input." + show.inputs[i].id) : nullptr;
    if (!board) continue;
    FramePtr frame = frames_[i];
    const auto masks =
        frame ? std::span<const Mask>(show.inputs[i].masks) : std::span<const Mask>();
    if (!frame)
      if (const auto it = moment.stage->painted->no_signal.find(show.inputs[i].id);
          it != moment.stage->painted->no_signal.end())
        frame = it->second;
    if (!frame) continue;
    if (const FramePtr tile = make_thumbnail(*frame, tiles_, masks))
      board->board->show(*tile, board->shown++, now);
  }
}

void PictureDesk::show_devices(MediaTime now) {
  if (!roads_.devices) return;
  for (const auto& device : *roads_.devices->load())
    if (const FramePtr frame = device.feed->video().newest(now))
      if (const FramePtr tile = make_thumbnail(*frame, tiles_))
        device.board->show(*tile, static_cast<std::uint64_t>(now.ns), now);
}

void PictureDesk::show_pages(const Moment& moment, MediaTime now) {
  const Show& show = *moment.stage->show;
  for (std::size_t i = 0; i < show.inputs.size(); ++i) {
    if (!has_pages(show.inputs[i])) continue;
    Board* board = find("pages." + show.inputs[i].id);
    const FramePtr strip = board ? moment.stage->feeds[i]->page_strip() : FramePtr();
    if (strip) board->board->show(*strip, board->shown++, now);
  }
}

void PictureDesk::show_preview(const Moment& moment, MediaTime now) {
  if (Board* board = find("preview")) {
    const auto frame = preview_mixer_.preview(
        {*moment.stage->show, moment.live, frames_, *moment.stage->painted, now});
    board->board->show(*frame, board->shown++, now);
  }
}

// One scene per round: with nine scenes each button is renewed a bit more than once a second.
void PictureDesk::show_one_scene(const Moment& moment, MediaTime now) {
  const auto& scenes = moment.stage->show->scenes;
  if (scenes.empty()) return;
  const Scene& scene = scenes[next_scene_++ % scenes.size()];
  if (Board* board = find("scene." + scene.id)) {
    const auto frame = scene_mixer_.scene(
        {*moment.stage->show, moment.live, frames_, *moment.stage->painted, now}, scene);
    board->board->show(*frame, board->shown++, now);
  }
}

// For choosing a layout. Every third round: each of the eight is renewed every two seconds.
void PictureDesk::show_one_layout(const Moment& moment, MediaTime now) {
  if (samples_.empty() || ++rounds_ % 3 != 0) return;
  const Scene& scene = samples_[next_layout_++ % samples_.size()];
  if (Board* board = find("layout." + scene.layout)) {
    const auto frame = scene_mixer_.scene(
        {*moment.stage->show, moment.live, frames_, *moment.stage->painted, now}, scene);
    board->board->show(*frame, board->shown++, now);
  }
}

}  // namespace kakehashi
