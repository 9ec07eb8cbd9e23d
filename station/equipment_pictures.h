// SPDX-License-Identifier: GPL-3.0-or-later
// What the cameras of an equipment test showed, as shared pictures for the desks: boards
// "check.<item>", each shown once. Pictures that cannot be read are left out.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/equipment_test.h"
#include "station/door/server.h"
#include "venue/picture_board.h"

namespace kakehashi {

class EquipmentPictures {
 public:
  // With each news of a test. Reads pictures that have come; what a test before showed of an item
  // stays until it has its new outcome. True when boards() is another list. Any thread; takes some
  // milliseconds for each new picture.
  bool follow(const EquipmentResult& result);
  std::vector<BoardHandle> boards() const;  // any thread

 private:
  struct Shown {
    std::string item;
    std::shared_ptr<PictureBoard> board;  // none: it cannot be read
    bool old = false;                     // of the test before
  };
  std::mutex following_;  // taken before mutex_
  std::vector<Shown> shown_;
  mutable std::mutex mutex_;
  std::vector<BoardHandle> boards_;
};

}  // namespace kakehashi
