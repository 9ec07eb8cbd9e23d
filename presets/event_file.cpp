// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/event_file.h"

#include <algorithm>
#include <exception>

#include "presets/event_parts.h"
#include "presets/file_io.h"
#include "presets/json_text.h"

namespace kakehashi {

namespace {

Fault file_fault(const std::string& path, const Error& error) {
  return {path, error.message,
          error.kind == ErrorKind::NotFound
              ? "ファイルが見つかりません。場所と名前を確かめてください。"
              : "ファイルを読めません。読む権利と中身を確かめてください。"};
}

}  // namespace

EventReading parse_event(std::string_view text, const KindTable& sources,
                         const KindTable& outputs) try {
  EventReading reading;
  JsonReading json = parse_json(text);
  if (!json.faults.empty()) {
    reading.faults = std::move(json.faults);
    return reading;
  }
  Findings found;
  bool right_version = false;
  {
    ObjectReader root(json.tree, "", "", found);
    if (json.tree.is_object()) right_version = read_version(root, kEventKey, "event", "行事");
    if (right_version)
      read_show(root, sources, outputs, reading.show);
    else
      for (const auto& key : root.rest()) root.take(key);
  }
  if (right_version) check_show(reading.show, sources, found);
  reading.faults = std::move(found.faults);
  reading.notices = std::move(found.notices);
  reading.show.unknown = std::move(found.unknown);
  std::sort(reading.show.unknown.begin(), reading.show.unknown.end(),
            [](const UnknownKey& a, const UnknownKey& b) { return a.path < b.path; });
  return reading;
} catch (const std::exception& e) {
  EventReading reading;
  reading.faults.push_back({"", std::string("could not be read: ") + e.what(),
                            "読み込めませんでした。ファイルを確かめてください。"});
  return reading;
}

EventReading load_event(const std::string& path, const KindTable& sources,
                        const KindTable& outputs) {
  const auto text = read_text_file(path, kLargestFile, Readers::Anyone);
  if (text) return parse_event(*text, sources, outputs);
  EventReading reading;
  reading.faults.push_back(file_fault(path, text.error()));
  return reading;
}

Status save_event(const Show& show, const std::string& path) {
  auto saved = write_text_file(path, write_event(show));
  if (!saved) return std::move(saved.error()).context("save event \"" + show.id + "\"");
  return saved;
}

}  // namespace kakehashi
