// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/picture_desk.h"

#include <chrono>

#include "core/thread.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

Canvas small(const Canvas& canvas, int width, int height) { return {width, height, canvas.rate}; }

bool has_pages(const Input& input) {
  return input.video && input.source && input.source->kind == "slides";
}

constexpr Duration kTileEvery = Duration::milliseconds(80);  // 12 a second

}  // namespace

PictureDesk::PictureDesk(Clock& clock, const Stage& stage, Roads roads)
    : clock_(clock),
      roads_(roads),
      preview_mixer_(small(stage.show->canvas, kPreviewWidth, kPreviewHeight), 3),
      scene_mixer_(small(stage.show->canvas, kTileWidth, kTileHeight), 3) {}

Result<std::unique_ptr<PictureDesk>> PictureDesk::open(Clock& clock, const Stage& stage,
                                                       Roads roads) {
  std::unique_ptr<PictureDesk> desk(new PictureDesk(clock, stage, roads));
  const Show& show = *stage.show;
  Status made = desk->make_board("program", show.canvas.width, show.canvas.height);
  if (made) made = desk->make_board("preview", kPreviewWidth, kPreviewHeight);
  for (const auto& input : show.inputs)
    if (made && input.video) made = desk->make_board("input." + input.id, kTileWidth, kTileHeight);
  for (const auto& input : show.inputs)
    if (made && has_pages(input))
      made = desk->make_board("pages." + input.id, Feed::kStripPages * Feed::kStripPageWidth,
                              Feed::kStripPageHeight);
  for (const auto& scene : show.scenes)
    if (made) made = desk->make_board("scene." + scene.id, kTileWidth, kTileHeight);
  if (!made) return std::move(made.error()).context("make shared pictures");
  desk->program_thread_ = std::thread([d = desk.get()] { d->run_program(); });
  desk->looking_thread_ = std::thread([d = desk.get()] { d->run_looking(); });
  return desk;
}

PictureDesk::~PictureDesk() {
  stop_ = true;
  if (program_thread_.joinable()) program_thread_.join();
  if (looking_thread_.joinable()) looking_thread_.join();
}

Status PictureDesk::make_board(std::string name, int width, int height) {
  auto board = PictureBoard::create(name, width, height);
  if (!board) return std::move(board.error());
  boards_.push_back({std::move(name), std::move(*board), 0});
  return {};
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

void PictureDesk::run_program() {
  begin_thread("venue", Urgency::Ordinary);
  Board& board = boards_.front();
  while (!stop_) {
    const auto picture = roads_.program.wait(100ms);
    if (picture)
      board.board->show(*picture->frame, static_cast<std::uint64_t>(picture->number),
                        picture->tick);
  }
}

void PictureDesk::run_looking() {
  begin_thread("looking", Urgency::Looking);
  while (!stop_) {
    const MediaTime begin = clock_.now();
    if (roads_.watched) {
      const auto moment = roads_.moment.load();
      gather(*moment, begin);
      show_inputs(*moment, begin);
      show_pages(*moment, begin);
      show_preview(*moment, begin);
      show_one_scene(*moment, begin);
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

}  // namespace kakehashi
