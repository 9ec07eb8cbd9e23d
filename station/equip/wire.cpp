// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/wire.h"

#include <algorithm>

#include "station/equip/field_json.h"

namespace kakehashi {
namespace door {

template <>
struct Fields<PlannedProbe> {
  static constexpr auto all =
      std::tuple{field("probe", &PlannedProbe::probe), field("role", &PlannedProbe::role),
                 field("title", &PlannedProbe::title), field("item", &PlannedProbe::item),
                 field("seconds", &PlannedProbe::seconds)};
};
template <>
struct Fields<PlannedShow> {
  static constexpr auto all =
      std::tuple{field("event", &PlannedShow::event), field("venue", &PlannedShow::venue),
                 field("venue_id", &PlannedShow::venue_id)};
};

}  // namespace door

namespace {

template <class T>
std::optional<ProbeLine> message(const OrderedJson& tree) {
  T value;
  FieldFaults faults;
  read_tree(tree, value, "", faults);
  if (!faults.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::string write_line(const ProbeLine& line) {
  OrderedJson j;
  if (const auto* step = std::get_if<ProbeStep>(&line))
    j = {{"progress", tree_of(step->progress)}, {"now", tree_of(step->now)}};
  else if (const auto* item = std::get_if<EquipmentItem>(&line))
    j = {{"item", tree_of(*item)}};
  else if (const auto* row = std::get_if<PlannedProbe>(&line))
    j = {{"row", tree_of(*row)}};
  else
    j = {{"show", tree_of(std::get<PlannedShow>(line))}};
  return json_words(j);
}

std::optional<ProbeLine> parse_probe_line(std::string_view line) {
  if (line.size() > kLongestProbeLine) return std::nullopt;
  const auto j = OrderedJson::parse(line, nullptr, false);
  if (!j.is_object()) return std::nullopt;
  if (const auto it = j.find("item"); it != j.end()) {
    auto item = message<EquipmentItem>(*it);
    if (item && std::get<EquipmentItem>(*item).id.empty()) return std::nullopt;
    return item;
  }
  if (const auto it = j.find("row"); it != j.end()) return message<PlannedProbe>(*it);
  if (const auto it = j.find("show"); it != j.end()) return message<PlannedShow>(*it);
  if (const auto it = j.find("progress"); it != j.end()) {
    ProbeStep step;
    FieldFaults faults;
    read_tree(*it, step.progress, "progress", faults);
    if (const auto now = j.find("now"); now != j.end()) read_tree(*now, step.now, "now", faults);
    if (!faults.empty()) return std::nullopt;
    step.progress = std::clamp(step.progress, 0.0, 1.0);
    return step;
  }
  return std::nullopt;
}

std::string write_progress(const EquipmentProgress& progress) {
  return json_words(tree_of(progress));
}

}  // namespace kakehashi
