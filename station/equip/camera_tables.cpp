// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/camera_tables.h"

#include <algorithm>
#include <cstdio>

#include "station/equip/item_words.h"

namespace kakehashi {
namespace {

constexpr std::size_t kMostRows = 40;
constexpr double kPoorRate = 0.05;  // as in the verdict

std::string size_of(const CameraOffer& o) {
  return std::to_string(o.width) + "×" + std::to_string(o.height);
}

std::string rate_words(double rate) {
  std::string text = number_text(rate, "%.2f");
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

Text rates_of(const CameraOffer& o) {
  if (o.rates.empty()) return {"入力信号と同じ", "as the signal"};
  std::string all;
  for (const double rate : o.rates) all += (all.empty() ? "" : "・") + rate_words(rate);
  return {all, ""};
}

}  // namespace

EquipmentTable offered_table(const std::vector<CameraOffer>& offers) {
  EquipmentTable table{
      {"機材が出せる形式", "Formats that the device offers"},
      {{"形式", "Format"}, {"大きさ", "Size"}, {"毎秒のコマ数", "Pictures/s"}, {"走査", "Scan"}},
      {}};
  std::vector<const CameraOffer*> firsts;  // of each row
  for (const CameraOffer& o : offers) {
    const auto like = std::find_if(firsts.begin(), firsts.end(), [&](const CameraOffer* f) {
      return f->format == o.format && f->rates == o.rates && f->interlaced == o.interlaced;
    });
    if (like != firsts.end()) {
      table.rows[static_cast<std::size_t>(like - firsts.begin())].cells[1].ja += "・" + size_of(o);
      continue;
    }
    if (firsts.size() == kMostRows) continue;
    firsts.push_back(&o);
    table.rows.push_back({{{o.format, ""},
                           {size_of(o), ""},
                           rates_of(o),
                           o.interlaced ? Text{"インターレース", "interlaced"}
                                        : Text{"プログレッシブ", "progressive"}}});
  }
  return table;
}

std::string format_in_words(const std::string& negotiated) {
  int width = 0, height = 0, read = 0;
  char word[16] = {};
  if (std::sscanf(negotiated.c_str(), "%dx%d%n", &width, &height, &read) != 2) return negotiated;
  std::string rest = negotiated.substr(static_cast<std::size_t>(read)), words;
  words = std::to_string(width) + "×" + std::to_string(height);
  if (rest.starts_with('i')) {
    words += "i";
    rest.erase(0, 1);
  }
  int over = 0, under = 0, used = 0;
  std::string rate;
  if (std::sscanf(rest.c_str(), " %d/%d%n", &over, &under, &used) == 2) {
    rest.erase(0, static_cast<std::size_t>(used));
    if (under > 0 && over > 0) rate = " " + rate_words(static_cast<double>(over) / under);
  }
  if (std::sscanf(rest.c_str(), " %15s", word) == 1)
    words += std::string(" ") + (std::string(word) == "MJPG"   ? "MJPEG"
                                 : std::string(word) == "H264" ? "H.264"
                                                               : word);
  return words + rate;
}

EquipmentTable tried_table() {
  return {{"試した形式", "Formats that were tried"},
          {{"頼んだ形式", "Asked for"},
           {"届いた形式", "What came"},
           {"測った毎秒のコマ数", "Measured pictures/s"},
           {"結果", "Result"}},
          {}};
}

EquipmentRow tried_row(const Text& asked, const CameraFigures& f) {
  const bool came = f.opened && f.pictures >= 2;
  Text result{"良好", "good"};
  if (!came)
    result = f.reason == Trouble::NoSignal ? Text{"信号が来ていません", "no signal"}
             : f.reason == Trouble::Busy ? Text{"ほかのソフトが使用中", "in use elsewhere"}
             : f.reason == Trouble::Crowded ? Text{"USBの通り道がいっぱい", "the USB bus is full"}
                                            : Text{"映像が始まりません", "does not start"};
  else if (f.broke)
    result = {"途中で止まりました", "stopped"};
  else if (f.wanted_fps > 0 && f.fps < f.wanted_fps * (1 - kPoorRate))
    result = {"コマ数が足りません", "too few pictures"};
  return {{asked,
           {came ? format_in_words(f.format) : "－", ""},
           {came ? number_text(f.fps, "%.2f") : "－", ""},
           result}};
}

Text asked_words(const std::string& choice) {
  if (choice == "raw") return {"非圧縮", "Uncompressed"};
  if (choice == "mjpg") return {"MJPEG", ""};
  if (choice == "h264") return {"H.264", ""};
  return {"自動（本番と同じ）", "Automatic, as on air"};
}

}  // namespace kakehashi
