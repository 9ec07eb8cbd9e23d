// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/burn_in.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace kakehashi {
namespace {

constexpr double kHot = 85, kTooHot = 95;  // Celsius; laptops slow down from about 95
constexpr double kOddPpm = 200;            // crystals stay below 100
constexpr double kBusy = 0.85;             // of all processors, without any encoding
constexpr double kDay = 24;                // hours of free disk, at the measured trend

std::string number(double v, const char* format = "%.1f") {
  char text[32];
  std::snprintf(text, sizeof text, format, v);
  return text;
}

void blame(EquipmentItem& item, Verdict verdict, Text cause, Text action) {
  const auto rank = [](Verdict v) { return v == Verdict::Fail ? 2 : v == Verdict::Caution; };
  if (rank(verdict) <= rank(item.verdict)) return;
  item.verdict = verdict;
  item.cause = std::move(cause);
  item.action = std::move(action);
}

}  // namespace

BurnIn::BurnIn(std::vector<Input> inputs) : inputs_(std::move(inputs)), lines_(inputs_.size()) {}

void BurnIn::look(MediaTime now, const std::vector<InputStatus>& inputs,
                  const MachineLook& machine) {
  if (!any_) {
    first_ = now;
    disk_first_ = machine.disk_bytes;
  }
  last_ = now;
  for (std::size_t i = 0; i < lines_.size() && i < inputs.size(); ++i) {
    const InputStatus& s = inputs[i];
    Line& line = lines_[i];
    line.last = {s.captured, s.lost, s.late, s.restarts};
    if (!any_) line.first = line.last;
    ++line.looks;
    if (s.signal != SignalState::Live) {
      ++line.dark;
      continue;
    }
    line.seen = true;
    if (s.fps > 0) line.least_fps = std::min(line.least_fps, s.fps);
    if (std::abs(s.drift_ppm) > std::abs(line.most_ppm)) line.most_ppm = s.drift_ppm;
    line.most_age_ms = std::max(line.most_age_ms, s.age_p95_ms);
  }
  any_ = true;
  hottest_ = std::max(hottest_, machine.degrees);
  most_cpu_ = std::max(most_cpu_, machine.cpu_share);
  if (machine.cpu_share >= 0) {
    cpu_sum_ += machine.cpu_share;
    ++cpu_looks_;
  }
  if (machine.disk_bytes >= 0) disk_last_ = machine.disk_bytes;
}

EquipmentItem BurnIn::item_of(const Input& input, const Line& line) const {
  EquipmentItem item;
  item.id = "burn_in." + input.id;
  item.name = {input.name.ja + "　連続運転", input.name.pick(Language::English) + ", burn-in"};
  item.verdict = Verdict::Pass;
  const auto restarts = line.last.restarts - line.first.restarts;
  const auto lost = line.last.lost - line.first.lost;
  const auto captured = line.last.captured - line.first.captured;
  if (!line.seen)
    blame(item, Verdict::Fail, {"一度も信号が来ませんでした。", "There was never a signal."},
          {"電源とケーブルを確かめてください。", "Check power and cable."});
  else if (restarts > 0)
    blame(item, Verdict::Fail,
          {"途中で" + std::to_string(restarts) + "回、接続が切れました。",
           "The connection broke " + std::to_string(restarts) + " times."},
          {"ケーブルとUSBの口を替えて、もう一度試してください。",
           "Change cable and USB port and repeat the test."});
  else if (line.dark > 0)
    blame(item, Verdict::Fail, {"途中で信号が途切れました。", "The signal broke off meanwhile."},
          {"ケーブルの抜けかけと、機材の節電設定を確かめてください。",
           "Check for loose cables and for power saving of the device."});
  else if (lost > 0 && static_cast<double>(lost) > 0.001 * static_cast<double>(captured))
    blame(item, Verdict::Caution,
          {"長く使うとコマや音が欠けます。", "Over time pictures or sound are lost."},
          {"ハブを通さず、PCのUSBの口に直接つないでください。",
           "Plug it straight into the PC, without a hub."});
  else if (std::abs(line.most_ppm) > kOddPpm)
    blame(item, Verdict::Caution,
          {"音の機材の時計が大きくずれています。", "The clock of this sound device is far off."},
          {"別の音の機材を使ってください。", "Use another sound device."});
  item.found = {number(minutes(), "%.0f") + "分　再接続" + std::to_string(restarts) + "回　欠け" +
                    std::to_string(lost),
                number(minutes(), "%.0f") + " min, " + std::to_string(restarts) +
                    " reconnections, " + std::to_string(lost) + " lost"};
  item.figures = {{"restarts", static_cast<double>(restarts), ""},
                  {"lost_device", static_cast<double>(lost), ""},
                  {"late", static_cast<double>(line.last.late - line.first.late), ""},
                  {"dark_looks", static_cast<double>(line.dark), ""},
                  {"drift_ppm", line.most_ppm, "ppm"},
                  {"age_p95_ms", line.most_age_ms, "ms"}};
  if (line.least_fps < 1e9) item.figures.push_back({"least_fps", line.least_fps, "fps"});
  return item;
}

std::vector<EquipmentItem> BurnIn::items(bool whole) const {
  std::vector<EquipmentItem> all;
  if (!any_) return all;
  for (std::size_t i = 0; i < inputs_.size(); ++i) all.push_back(item_of(inputs_[i], lines_[i]));
  EquipmentItem pc;
  pc.id = "burn_in";
  pc.name = {"このPC　連続運転", "This PC, burn-in"};
  pc.verdict = Verdict::Pass;
  const double hours = minutes() / 60;
  const double eaten = disk_first_ >= 0 && disk_last_ >= 0 ? disk_first_ - disk_last_ : 0;
  const double disk_hours = eaten > 0 && hours > 0 ? disk_last_ / (eaten / hours) : 0;
  if (hottest_ >= kHot)
    blame(pc, hottest_ >= kTooHot ? Verdict::Fail : Verdict::Caution,
          {"PCが熱くなりました（" + number(hottest_, "%.0f") + "℃）。熱いPCは遅くなります。",
           "This PC got hot (" + number(hottest_, "%.0f") + " C); a hot PC slows down."},
          {"通気口をふさがず、涼しい場所に置いてください。",
           "Keep its vents free and put it in a cool place."});
  if (most_cpu_ >= kBusy)
    blame(pc, Verdict::Caution,
          {"ほかの仕事でPCがいっぱいです。", "Other work keeps this PC busy."},
          {"更新やほかのソフトを止めてください。", "Stop updates and other programs."});
  if (disk_hours > 0 && disk_hours < kDay)
    blame(pc, Verdict::Caution,
          {"ディスクの空きが減り続けています。", "The free disk space keeps shrinking."},
          {"ほかのソフトの書き込みを止めてください。", "Stop what else writes to the disk."});
  if (!whole)
    blame(pc, Verdict::Caution,
          {"連続運転を途中で止めました。ここまでの結果です。",
           "The burn-in was stopped early; these are the results so far."},
          {"本番の前に最後まで行ってください。", "Run it to its end before the event."});
  pc.found = {number(minutes(), "%.0f") + "分" +
                  (hottest_ >= 0 ? "　最高" + number(hottest_, "%.0f") + "℃" : ""),
              number(minutes(), "%.0f") + " min" +
                  (hottest_ >= 0 ? ", at most " + number(hottest_, "%.0f") + " C" : "")};
  pc.figures = {{"minutes", minutes(), "min"}};
  if (hottest_ >= 0) pc.figures.push_back({"degrees", hottest_, "C"});
  if (cpu_looks_ > 0) {
    pc.figures.push_back({"cpu_most", most_cpu_ * 100, "%"});
    pc.figures.push_back({"cpu_mean", cpu_sum_ / static_cast<double>(cpu_looks_) * 100, "%"});
  }
  if (disk_first_ >= 0) pc.figures.push_back({"disk_used_mb", eaten / 1e6, "MB"});
  all.push_back(std::move(pc));
  return all;
}

}  // namespace kakehashi
