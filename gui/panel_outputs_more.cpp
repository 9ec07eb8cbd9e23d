// SPDX-License-Identifier: GPL-3.0-or-later
// Below the destinations: recordings of single inputs, what viewers get by our own receiver, and
// which encoder works and why. Troubles first: they are what somebody scrolls for.
#include <algorithm>
#include <cmath>

#include "gui/output_lines.h"

namespace kakehashi {
namespace {

bool in_trouble(const IsoStatus& i) { return !i.reason.ja.empty() || !i.reason.en.empty(); }

OutputRow iso_row(const IsoStatus& i, Language language) {
  OutputRow row;
  row.id = "iso." + i.input;
  row.name = word(Word::IsoOf, language, {i.name.pick(language)});
  row.lamp = {Word::Caution, Icon::Caution, true};
  row.below = what_to_do(i.reason.pick(language));
  row.whole = i.reason.pick(language);
  return row;
}

OutputRow heard_row(const Snapshot& s, Language language) {
  const LoopBackStatus& l = s.loop_back;
  const bool trouble = std::any_of(s.messages.begin(), s.messages.end(), [](const Message& m) {
    return m.id.compare(0, 10, "loop_back.") == 0;
  });
  OutputRow row;
  row.id = "loop_back";
  row.name = word(Word::LoopBackRow, language);
  row.lamp = trouble                 ? OutputLamp{Word::Caution, Icon::Caution, true}
             : !l.verdict.ja.empty() ? OutputLamp{Word::LoopBackWell, Icon::Check, false}
                                     : OutputLamp{Word::LoopBackWait, Icon::Wait, false};
  row.below = l.verdict.pick(language);
  if (l.av_known && std::abs(l.av_offset_ms) >= 1)
    row.below += std::string(row.below.empty() ? "" : " ") +
                 word(l.av_offset_ms > 0 ? Word::LoopBackLate : Word::LoopBackEarly, language,
                      {figure(std::abs(l.av_offset_ms), 0)});
  row.whole = row.below;
  return row;
}

OutputRow encode_row(const EncodeStatus& e, Language language) {
  OutputRow row;
  row.id = "encode." + e.id;
  row.name = word(Word::EncodeRow, language, {e.name.pick(language)});
  row.lamp = e.half_rate        ? OutputLamp{Word::EncodeHalf, Icon::Caution, true}
             : e.steps_down > 0 ? OutputLamp{Word::EncodeLighter, Icon::Caution, true}
                                : OutputLamp{Word::EncodeFull, Icon::Check, false};
  row.below = std::to_string(e.width) + "×" + std::to_string(e.height) + " " +
              figure(e.target_kbps / 1000, 1) + " Mb/s";
  if (const std::string& why = e.why.pick(language); !why.empty()) {
    row.below += " / " + why;
    row.whole = why;
  }
  return row;
}

}  // namespace

std::vector<OutputRow> more_rows(const Snapshot& s, Language language) {
  std::vector<OutputRow> rows;
  std::string names;
  std::uint64_t bytes = 0;
  std::size_t well = 0;
  for (const IsoStatus& i : s.record.iso) {
    if (in_trouble(i)) {
      rows.push_back(iso_row(i, language));
      continue;
    }
    names += (names.empty()                    ? ""
              : language == Language::Japanese ? "、"
                                               : ", ") +
             i.name.pick(language);
    bytes += i.bytes;
    ++well;
  }
  if (s.practice && (s.loop_back.running || s.loop_back.seconds > 0))
    rows.push_back(heard_row(s, language));
  if (well > 0)
    rows.push_back({"iso",
                    word(Word::IsoRow, language, {std::to_string(well)}),
                    {Word::Recording, Icon::Check, false},
                    figure(static_cast<double>(bytes) / 1e9, 1) + " GB / " + names,
                    names});
  for (const EncodeStatus& e : s.encodes) rows.push_back(encode_row(e, language));
  return rows;
}

}  // namespace kakehashi
