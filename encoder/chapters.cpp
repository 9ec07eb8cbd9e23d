// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/chapters.h"

#include <algorithm>

namespace kakehashi {
namespace {

std::string title_of(const Marker& marker, int number) {
  static constexpr const char* kTitles[] = {"見出し", "非公開区間", "取消発言", "事故"};
  std::string title = kTitles[static_cast<std::size_t>(marker.kind)];
  if (marker.kind == MarkerKind::Chapter)
    return marker.note.empty() ? title + " " + std::to_string(number) : marker.note;
  return marker.note.empty() ? title : title + "：" + marker.note;
}

}  // namespace

std::vector<Chapter> chapters_of(std::span<const Marker> markers, MediaTime zero, Duration length) {
  std::vector<Chapter> chapters;
  int number = 0;
  for (const Marker& marker : markers) {
    if (marker.kind == MarkerKind::Chapter) ++number;
    const bool span = marker.kind == MarkerKind::OffRecord;
    const bool ends = span && marker.until.ns != 0;
    Duration from = marker.at - zero;
    const Duration until = ends ? marker.until - zero : length;
    if (from >= length || (span ? until <= Duration{} : from < Duration{})) continue;
    from = std::max(from, Duration{});
    chapters.push_back({from, length, title_of(marker, number)});
    if (ends && until < length) chapters.push_back({until, length, "公開に戻る"});
  }
  if (chapters.empty()) return chapters;
  std::stable_sort(chapters.begin(), chapters.end(),
                   [](const Chapter& a, const Chapter& b) { return a.from < b.from; });
  if (chapters.front().from > Duration{})
    chapters.insert(chapters.begin(), {{}, length, "はじまり"});
  for (std::size_t i = 0; i + 1 < chapters.size(); ++i) chapters[i].until = chapters[i + 1].from;
  return chapters;
}

}  // namespace kakehashi
