// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an equipment test's result and as a line of a probe: read without a crash; what is
// accepted survives a round trip, a retest and the sheet, and no word of it becomes markup.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "station/equip/compare.h"
#include "station/equip/result_file.h"
#include "station/equip/retest.h"
#include "station/equip/sheet.h"
#include "station/equip/verdict_words.h"
#include "station/equip/wire.h"

using namespace kakehashi;

namespace {

void demand(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

std::size_t count(const std::string& text, const char* word) {
  std::size_t n = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
  return n;
}

void retest(const EquipmentResult& result) {
  auto items = result.items;
  std::vector<RowItems> rows;
  for (std::size_t i = 0; i < items.size() && i < 3; ++i) {
    const std::string part = result.items[i].part;
    rows.emplace_back(part, result.items[i].name);
    rows.back().await(items);
    rows.back().begin(items);
    if (i == 0) rows.back().put(items, result.items[0]);
    if (i == 1) rows.back().fail(items).verdict = Verdict::Fail;
  }
  for (RowItems& row : rows) row.finish(items);
  question_together(items, "now");
}

void read_result(std::string_view text) {
  const EquipmentReading first = parse_result(text);
  for (const auto& fault : first.faults) demand(!fault.empty(), "a fault has words");
  const std::string page = write_sheet(first.result, {});
  demand(count(page, "<script") == 0 && count(page, "<html") == 1, "words never become markup");
  demand(worst_first(first.result).size() == first.result.items.size(), "every item is told");
  (void)differences(first.result, {});
  retest(first.result);
  if (!first.faults.empty()) return;
  const EquipmentReading second = parse_result(write_result(first.result));
  demand(second.faults.empty(), "what is written can be read");
  demand(second.result == first.result, "a round trip changes nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_result(text);
  if (const auto line = parse_probe_line(text)) {
    const std::string written = write_line(*line);
    demand(written.find('\n') == std::string::npos, "a line is one line");
    const auto again = parse_probe_line(written);
    demand(again.has_value() && again->index() == line->index(), "a line comes back");
    demand(write_line(*again) == written, "a round trip of a line changes nothing");
  }
  return 0;
}
