// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/record_sidecar.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

namespace kakehashi {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

MarkerKind kind_of(const std::string& name) {
  const auto at = std::find(kMarkerKindNames.begin(), kMarkerKindNames.end(), name);
  return at == kMarkerKindNames.end() ? MarkerKind::Chapter
                                      : static_cast<MarkerKind>(at - kMarkerKindNames.begin());
}

}  // namespace

std::string sidecar_path(const std::string& recording) { return recording + ".json"; }

std::string to_json(const RecordSidecar& s) {
  json markers = json::array();
  for (const MarkerStatus& m : s.markers) {
    json row{{"kind", kMarkerKindNames[static_cast<std::size_t>(m.kind)]},
             {"at_seconds", m.at_seconds}};
    if (m.until_seconds >= 0) row["until_seconds"] = m.until_seconds;
    if (!m.note.empty()) row["note"] = m.note;
    markers.push_back(std::move(row));
  }
  json file{{"kakehashi_recording", 1}, {"recording", s.recording}, {"event", s.event},
            {"began", s.began},         {"state", s.state},         {"finalise", s.finalise},
            {"markers", markers}};
  if (s.state != "recording") file["seconds"] = s.seconds;
  if (!s.finished.empty()) file["finished"] = s.finished;
  if (!s.input.empty()) file["input"] = s.input;
  if (!s.program.empty()) file["program"] = s.program;
  if (s.starts_at) file["starts_at_seconds"] = *s.starts_at;
  // A note may hold anything a keyboard gave: what is no UTF-8 must not stop the rest.
  return file.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<RecordSidecar> read_sidecar(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const json file = json::parse(text, nullptr, false);
  const auto wrong = [&] {
    return Error{ErrorKind::FixInput, path + ": not a recording's sidecar"};
  };
  if (!in || !file.is_object() || file.value("kakehashi_recording", json()) != 1) return wrong();
  try {
    RecordSidecar s;
    s.recording = file.at("recording").get<std::string>();
    s.event = file.value("event", "");
    s.began = file.value("began", "");
    s.state = file.value("state", "recording");
    s.finalise = file.value("finalise", true);
    s.seconds = file.value("seconds", 0.0);
    s.finished = file.value("finished", "");
    s.input = file.value("input", "");
    s.program = file.value("program", "");
    if (file.contains("starts_at_seconds"))
      s.starts_at = file.at("starts_at_seconds").get<double>();
    for (const json& m : file.value("markers", json::array()))
      s.markers.push_back({kind_of(m.value("kind", "")), m.value("at_seconds", 0.0),
                           m.value("until_seconds", -1.0), m.value("note", "")});
    // Only ever a file beside it.
    if (fs::path(s.recording).filename() != s.recording) return wrong();
    return s;
  } catch (const json::exception&) {
    return wrong();
  }
}

std::vector<std::string> unfinished_sidecars(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code code;
  for (auto it = fs::directory_iterator(folder, code); !code && it != fs::directory_iterator();
       it.increment(code)) {
    const std::string path = it->path().string();
    if (!path.ends_with(".json")) continue;
    if (const auto s = read_sidecar(path); s && s->finalise && s->state != "finalised")
      found.push_back(path);
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace kakehashi
