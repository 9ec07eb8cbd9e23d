// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/retest.h"

#include <algorithm>

#include "core/show.h"

namespace kakehashi {
namespace {

bool unanswered(Verdict v) { return v == Verdict::Waiting || v == Verdict::Running; }

std::string kind_of(const std::string& id) { return id.substr(0, id.find('.')); }

void not_tested(EquipmentItem& item) {
  item.verdict = Verdict::Skipped;
  item.stopped = true;
  item.cause = {"試験が途中で止められたため、確かめていません。",
                "Not tested: the test was stopped before."};
  item.action = {"もう一度試験してください。", "Run the test again."};
}

}  // namespace

bool RowItems::mine(const EquipmentItem& item) const { return item.part == id_; }

bool RowItems::open(const EquipmentItem& item) const {
  return mine(item) && unanswered(item.verdict);
}

// Behind the last item of the same kind; the end, when there is none.
std::size_t RowItems::place(const std::vector<EquipmentItem>& items) const {
  for (std::size_t i = items.size(); i > 0; --i)
    if (kind_of(items[i - 1].id) == kind_of(id_)) return i;
  return items.size();
}

void RowItems::await(std::vector<EquipmentItem>& items) {
  for (EquipmentItem& item : items) {
    if (!mine(item)) continue;
    before_.push_back(item);
    EquipmentItem waiting;
    waiting.id = item.id;
    waiting.part = id_;
    waiting.name = item.name;
    item = waiting;
  }
  if (!before_.empty()) return;
  EquipmentItem waiting;
  waiting.id = waiting.part = id_;
  waiting.name = name_;
  items.insert(items.begin() + static_cast<std::ptrdiff_t>(place(items)), waiting);
}

void RowItems::begin(std::vector<EquipmentItem>& items) {
  for (EquipmentItem& item : items)
    if (open(item)) item.verdict = Verdict::Running;
}

void RowItems::put(std::vector<EquipmentItem>& items, EquipmentItem item) {
  item.part = id_;
  item.stopped = false;
  if (auto* known = find_by_id(items, item.id)) {
    *known = std::move(item);
    return;
  }
  auto at = std::find_if(items.begin(), items.end(),
                         [&](const EquipmentItem& i) { return i.id == id_ && open(i); });
  if (at == items.end()) at = items.begin() + static_cast<std::ptrdiff_t>(place(items));
  items.insert(at, std::move(item));
}

void RowItems::done(std::vector<EquipmentItem>& items) {
  over_ = true;
  std::erase_if(items, [&](const EquipmentItem& item) { return open(item); });
}

EquipmentItem& RowItems::fail(std::vector<EquipmentItem>& items) {
  over_ = true;
  const auto at = std::find_if(items.begin(), items.end(),
                               [&](const EquipmentItem& item) { return open(item); });
  auto index = static_cast<std::size_t>(at - items.begin());
  if (at == items.end()) index = place(items);
  std::erase_if(items, [&](const EquipmentItem& item) { return open(item); });
  EquipmentItem* own = find_by_id(items, id_);
  if (!own)
    own = &*items.insert(items.begin() + static_cast<std::ptrdiff_t>(std::min(index, items.size())),
                         EquipmentItem());
  own->id = own->part = id_;
  if (own->name.ja.empty()) own->name = name_;
  return *own;
}

void RowItems::stopped(std::vector<EquipmentItem>& items) {
  over_ = true;
  for (EquipmentItem& item : items) {
    if (!open(item)) continue;
    if (const auto* old = find_by_id(before_, item.id))
      item = *old;
    else
      not_tested(item);
  }
}

void RowItems::finish(std::vector<EquipmentItem>& items) {
  if (!over_) stopped(items);
}

void question_together(std::vector<EquipmentItem>& items, const std::string& time) {
  const std::string prefix = "cameras_together.";
  for (EquipmentItem& item : items) {
    if (!item.id.starts_with(prefix) || item.verdict == Verdict::Pass || item.again == time)
      continue;
    const auto* alone = find_by_id(items, "camera." + item.id.substr(prefix.size()));
    if (!alone || alone->again != time) continue;
    item.verdict = Verdict::Skipped;
    item.found = {};
    item.figures.clear();
    item.cause = {"このカメラだけを試し直したので、同時に使えるかはまだ分かりません。",
                  "Only this camera was tested again; with the others open it is not known yet."};
    item.action = {"カメラを同時に使う試験も、もう一度行ってください。",
                   "Repeat the test of all cameras together, too."};
  }
}

}  // namespace kakehashi
