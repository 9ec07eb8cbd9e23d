// SPDX-License-Identifier: GPL-3.0-or-later
// One row of the plan among the items of a result: its items wait, run, are answered one by one and
// are told at the end what became of them. In a result that exists already (a retest) their old
// outcomes give way to the new ones, and come back when the retest is stopped. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/equipment_test.h"

namespace kakehashi {

class RowItems {
 public:
  // `id`: EquipmentItem::part of its items, "camera.cam_main", "machine", "disk".
  RowItems(std::string id, Text name) : id_(std::move(id)), name_(std::move(name)) {}

  void await(std::vector<EquipmentItem>& items);  // a placeholder where there is nothing yet
  void begin(std::vector<EquipmentItem>& items);
  void put(std::vector<EquipmentItem>& items, EquipmentItem item);
  // The process ended by itself: what it did not speak of is no longer there.
  void done(std::vector<EquipmentItem>& items);
  // It did not answer well: one item stands for what it did not speak of. Valid until the next
  // call.
  EquipmentItem& fail(std::vector<EquipmentItem>& items);
  // It was ended on its way: old outcomes come back, the others are told as not tested.
  void stopped(std::vector<EquipmentItem>& items);
  // At the end of the whole test: what never had its turn as in stopped().
  void finish(std::vector<EquipmentItem>& items);

 private:
  bool mine(const EquipmentItem& item) const;
  bool open(const EquipmentItem& item) const;  // mine, and not answered
  std::size_t place(const std::vector<EquipmentItem>& items) const;

  std::string id_;
  Text name_;
  std::vector<EquipmentItem> before_;
  bool over_ = false;
};

// A camera was tested again at `time` by itself: what an older test of all cameras together says of
// it is no longer sure, unless it passed.
void question_together(std::vector<EquipmentItem>& items, const std::string& time);

}  // namespace kakehashi
