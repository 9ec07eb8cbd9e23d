// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equipment_pictures.h"

#include <algorithm>

#include "capture/picture_file.h"
#include "core/log.h"

namespace kakehashi {
namespace {

constexpr PictureSize kLargest{640, 360};

std::shared_ptr<PictureBoard> board_of(const std::string& path, const std::string& name) {
  auto sheet = read_picture(path, kLargest);
  if (!sheet) {
    log_warning("equipment", "a picture of the test is left out: " + sheet.error().message);
    return nullptr;
  }
  auto board = PictureBoard::create(name, sheet->width, sheet->height);
  const FramePtr frame = board ? program_still(*sheet) : FramePtr();
  if (!frame || !(*board)->show(*frame, 1, {})) return nullptr;
  return std::move(*board);
}

}  // namespace

bool EquipmentPictures::follow(const EquipmentResult& result) {
  const std::lock_guard one(following_);
  std::vector<Shown> next;
  bool changed = false;
  for (const EquipmentItem& item : result.items) {
    const auto old = std::find_if(shown_.begin(), shown_.end(),
                                  [&](const Shown& s) { return s.item == item.id; });
    const bool known = old != shown_.end();
    if (item.verdict == Verdict::Waiting || item.verdict == Verdict::Running) {
      if (known) next.push_back({item.id, old->board, true});
    } else if (item.picture.empty()) {
      continue;
    } else if (known && !old->old) {
      next.push_back(*old);  // its file has only moved to where results are kept
    } else {
      changed = true;
      next.push_back({item.id, board_of(item.picture, "check")});
    }
  }
  changed = changed || next.size() != shown_.size();
  shown_ = std::move(next);
  if (!changed) return false;
  std::vector<BoardHandle> boards;
  for (const Shown& s : shown_)
    if (s.board)
      boards.push_back(
          {"check." + s.item, s.board->fd(), s.board->width(), s.board->height(), s.board});
  const std::lock_guard lock(mutex_);
  boards_ = std::move(boards);
  return true;
}

std::vector<BoardHandle> EquipmentPictures::boards() const {
  const std::lock_guard lock(mutex_);
  return boards_;
}

}  // namespace kakehashi
