// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/relayout.h"

#include <algorithm>
#include <array>

namespace kakehashi {
namespace {

constexpr std::string_view kSlides = "slide_pc";
constexpr std::array<std::string_view, 6> kByRole{"cam_main", "remote_pc", "cam_panel",
                                                  "cam_sub",  "cam_wide",  kSlides};

// Hands out each input once.
class Pool {
 public:
  explicit Pool(const Show& show) : show_(show) {}

  bool take(std::string_view id) {
    const auto input = std::find_if(show_.inputs.begin(), show_.inputs.end(),
                                    [&](const Input& i) { return i.id == id && i.video; });
    if (input == show_.inputs.end() || std::find(used_.begin(), used_.end(), id) != used_.end())
      return false;
    used_.emplace_back(id);
    return true;
  }

 private:
  const Show& show_;
  std::vector<std::string> used_;
};

}  // namespace

std::vector<SlotFill> slots_for(const Show& show, const Scene& scene, const LayoutRow& layout) {
  Pool pool(show);
  std::vector<SlotFill> out;
  for (const NamedBox& slot : layout.slots) out.push_back({slot.name, ""});
  const auto fill = [&](SlotFill& slot, std::string_view id) {
    if (slot.input.empty() && pool.take(id)) slot.input = id;
  };
  // Places of their own first, so that nobody else is put there.
  for (SlotFill& slot : out) {
    for (const SlotFill& now : scene.slots)
      if (now.slot == slot.slot) fill(slot, now.input);
    if (slot.slot == "sign") fill(slot, kInterpreter);
    if (slot.slot == "slide") fill(slot, kSlides);
  }
  for (SlotFill& slot : out) {
    if (slot.slot == "sign") continue;  // an interpreter or nobody
    for (const SlotFill& now : scene.slots)
      if (now.slot != "sign") fill(slot, now.input);
  }
  for (SlotFill& slot : out) {
    if (slot.slot == "sign") continue;
    for (const std::string_view role : kByRole) fill(slot, role);
    for (const Input& input : show.inputs)
      if (input.id != kInterpreter) fill(slot, input.id);
  }
  std::erase_if(out, [](const SlotFill& slot) { return slot.input.empty(); });
  return out;
}

Result<Show> with_layout(const Show& show, const std::string& scene, const std::string& layout) {
  Show out = show;
  Scene* changed = find_by_id(out.scenes, scene);
  if (!changed) return Error{ErrorKind::NotFound, "no scene is called \"" + scene + "\""};
  const LayoutRow* row = find_layout(layout);
  if (!row || row->slots.empty() || find_box(row->slots, "qr"))
    return Error{ErrorKind::NotFound, "no layout of pictures is called \"" + layout + "\""};
  if (changed->layout.empty() || !changed->card.empty())
    return Error{ErrorKind::FixInput,
                 "scene \"" + scene + "\" has no layout: it is a card or has layers of its own"};
  changed->slots = slots_for(show, *changed, *row);
  changed->layout = layout;
  return arranged(out);
}

}  // namespace kakehashi
