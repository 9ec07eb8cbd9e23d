// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/display_verdict.h"

#include <cmath>

#include "station/equip/item_words.h"

namespace kakehashi {
namespace {

std::string size_text(const DisplayMode& m) {
  return std::to_string(m.width) + "×" + std::to_string(m.height) + (m.interlaced ? "i" : "");
}

EquipmentItem judge_one(const ShownDisplay& d, bool modes_known) {
  EquipmentItem item;
  const std::string id = d.edid ? d.edid->identity() : d.connector;
  item.id = "screens." + id;
  const std::string model = !d.edid                ? d.connector
                            : d.edid->name.empty() ? d.edid->identity()
                                                   : d.edid->name;
  item.name = {"画面「" + model + "」", "Display " + model};
  item.device = id;
  item.verdict = Verdict::Pass;
  if (!d.edid)
    blame(item, Verdict::Caution,
          {"画面が自分の名前を伝えてきません。切替器や長いケーブルが間にあるようです。",
           "The display does not say who it is; a switch or a long cable may be in between."},
          {"映像が映っているか、目で確かめてください。", "See with your eyes that it shows."});
  if (!modes_known) {
    item.found = {"つながっています", "Plugged in"};
    return item;
  }
  if (!d.on) {
    item.found = {"つながっていますが、映していません", "Plugged in, but no picture is sent"};
    blame(item, Verdict::Caution, {"この画面に映像を出していません。", "It is switched off."},
          {"ディスプレイの設定で、この画面を有効にしてください。",
           "Switch it on in the display settings."});
    return item;
  }
  if (!d.now) return item;
  const std::string hz = number_text(d.now->hz, "%.0f");
  item.found = {size_text(*d.now) + "　毎秒" + hz + "回", size_text(*d.now) + ", " + hz + " Hz"};
  item.figures = {{"width", static_cast<double>(d.now->width), "px"},
                  {"height", static_cast<double>(d.now->height), "px"},
                  {"hz", d.now->hz, "Hz"}};
  const auto best = d.edid ? d.edid->preferred : std::nullopt;
  if (best && (best->width != d.now->width || best->height != d.now->height))
    blame(item, Verdict::Caution,
          {"画面本来の細かさ（" + size_text(*best) + "）になっていません。文字がにじみます。",
           "It is not in its own mode (" + size_text(*best) + "); letters will be blurred."},
          {"ディスプレイの設定で「" + size_text(*best) + "」を選んでください。",
           "Choose " + size_text(*best) + " in the display settings."});
  return item;
}

}  // namespace

std::vector<EquipmentItem> judge_displays(const DisplayList& list, bool hall_wanted) {
  std::vector<EquipmentItem> items;
  for (const ShownDisplay& d : list.displays) {
    EquipmentItem item = judge_one(d, list.modes_known);
    int same = 1;  // two of a kind without serial numbers are told apart by their sockets
    for (const EquipmentItem& other : items) same += other.id == item.id ? 1 : 0;
    if (same > 1) item.id += "." + d.connector;
    items.push_back(std::move(item));
  }
  const Text name{"画面の数", "Displays"};
  if (list.displays.empty()) {
    items.push_back(skipped_item("screens.count", name,
                                 {"画面の情報を読めませんでした。", "No display can be seen."}));
    return items;
  }
  EquipmentItem count;
  count.id = "screens.count";
  count.name = name;
  count.verdict = Verdict::Pass;
  const std::string n = std::to_string(list.displays.size());
  count.found = {n + "台", n};
  count.figures = {{"displays", static_cast<double>(list.displays.size()), ""}};
  if (list.displays.size() < 2 && hall_wanted)
    blame(count, Verdict::Caution,
          {"操作用の画面しか見つかりません。会場のスクリーンがつながっていません。",
           "Only this PC's own display is there: the hall's screen is missing."},
          {"プロジェクターの電源を入れ、HDMIケーブルをつないでください。",
           "Switch the projector on and plug in its HDMI cable."});
  items.insert(items.begin(), std::move(count));
  return items;
}

}  // namespace kakehashi
