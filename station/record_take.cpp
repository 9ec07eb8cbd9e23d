// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/record_take.h"

#include <algorithm>
#include <ctime>
#include <filesystem>

namespace kakehashi {

namespace fs = std::filesystem;
namespace {

constexpr std::size_t kLongestNote = 200;  // letters

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::vector<Marker>::const_iterator open_span(const std::vector<Marker>& markers) {
  return std::find_if(markers.begin(), markers.end(), [](const Marker& m) {
    return m.kind == MarkerKind::OffRecord && m.until.ns == 0;
  });
}

}  // namespace

bool RecordTake::off_record() const { return open_span(markers) != markers.end(); }

Status RecordTake::mark(MarkerKind kind, bool on, const std::string& note, MediaTime now) {
  if (letters(note) > kLongestNote)
    return Error{ErrorKind::FixInput,
                 "mark: the note has more than 200 letters",
                 {"メモが長すぎます。→ 200文字以内にしてください。",
                  "The note is too long. -> Use at most 200 letters."}};
  if (kind == MarkerKind::OffRecord) {
    const auto span = open_span(markers);
    const bool open = span != markers.end();
    if (open == on) return {};  // two desks may press at once
    if (open) {
      markers[static_cast<std::size_t>(span - markers.begin())].until = now;
      return {};
    }
  }
  markers.push_back({kind, now, {}, note});
  return {};
}

std::vector<RecordTake::Sidecar> RecordTake::sidecars() const {
  std::vector<Sidecar> all;
  const auto programs = program ? program->files() : std::vector<RecordingFile>();
  for (const auto& watch : watches) {
    const auto files = watch->files();
    for (std::size_t i = 0; i < files.size(); ++i) {
      const RecordingFile& file = files[i];
      RecordSidecar s;
      s.recording = fs::path(file.path).filename().string();
      s.event = event;
      s.began = began;
      s.finalise = finalise;
      s.state = file.ended ? "closed" : "recording";
      s.seconds = file.length.to_seconds();
      s.input = input;
      if (!programs.empty()) s.program = fs::path(programs.front().path).filename().string();
      if (!programs.empty() && programs.front().zero.ns != 0 && file.zero.ns != 0)
        s.starts_at = (file.zero - programs.front().zero).to_seconds();
      // Of a recording that went on elsewhere, each file has what happened in its own time.
      for (const Marker& m : markers) {
        const bool span = m.kind == MarkerKind::OffRecord;
        const bool begun = file.zero.ns == 0 || (span ? m.until.ns == 0 || m.until > file.zero
                                                      : m.at >= file.zero || i == 0);
        const bool later =
            i + 1 < files.size() && files[i + 1].zero.ns != 0 && m.at >= files[i + 1].zero;
        if (!begun || later) continue;
        for (auto& row : marker_rows({m}, file.zero.ns == 0 ? since : file.zero))
          s.markers.push_back(std::move(row));
      }
      all.push_back({sidecar_path(file.path), to_json(s), file.ended});
    }
  }
  return all;
}

std::vector<MarkerStatus> marker_rows(const std::vector<Marker>& markers, MediaTime zero) {
  std::vector<MarkerStatus> rows;
  for (const Marker& m : markers)
    rows.push_back({m.kind, std::max(0.0, (m.at - zero).to_seconds()),
                    m.until.ns == 0 ? -1 : std::max(0.0, (m.until - zero).to_seconds()), m.note});
  return rows;
}

std::string local_time_now() {
  const std::time_t now = std::time(nullptr);  // people look for recordings by it
  std::tm local{};
  localtime_r(&now, &local);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
  std::string s(text);
  return s.size() > 2 ? s.insert(s.size() - 2, ":") : s;
}

}  // namespace kakehashi
