// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's thread: all that touches the disk beside the files' own threads, and what is reported
// of it.
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <numeric>

#include "core/log.h"
#include "station/record_desk.h"
#include "station/write_file.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 250ms;
constexpr Duration kProveEvery = Duration::seconds(5);
constexpr Duration kProofLasts = Duration::seconds(15);  // a GOP, the time between two and slack
constexpr Duration kGrowsWithin = Duration::seconds(4);
constexpr Duration kBehind = Duration::seconds(5);
constexpr double kRateKnownAfter = 60;  // seconds
constexpr std::size_t kShownMarkers = 20;

double nominal_kbps(const Show& show) {
  const EncodeSettings* e = &show.encode;
  for (const auto& named : show.encodes)
    if (named.id == show.record.encode) e = &named.settings;
  return e->video_kbps + e->audio_kbps;
}

// Before it is measured: what constant quality takes of a moving camera, and lossless sound.
double nominal_iso_kbps(const Show& show) {
  double kbps = 0;
  for (const std::string& id : show.record.iso)
    if (const Input* input = find_by_id(show.inputs, id))
      kbps += (input->video ? 6000 : 0) + (input->audio ? 700 : 0);
  return kbps;
}

double planned_seconds(const Show& show) {
  Duration end{};
  for (const ScriptedTake& take : show.script) end = std::max(end, take.at);
  return end.to_seconds();
}

Text no_proof() {
  return {"録画を読み戻して確かめられません。→ 別のディスクを選んでください。",
          "What is recorded cannot be read back. -> Choose another disk."};
}
Text behind() {
  return {"ディスクへの書き込みが遅れています。→ ほかの書き込みを止めてください。",
          "The disk is falling behind. -> Stop whatever else writes to it."};
}

}  // namespace

void RecordDesk::run() {
  std::unique_lock lock(mutex_);
  for (auto space_at = std::chrono::steady_clock::time_point{};;) {
    const bool last = ending_;
    const bool space =
        std::chrono::steady_clock::now() >= space_at || wanted_folder_ != facts_.folder;
    if (space) space_at = std::chrono::steady_clock::now() + 2s;
    lock.unlock();
    if (space && !last) measure_space();
    write_sidecars();
    hand_over_ended();
    if (!last) prove();
    lock.lock();
    if (last) return;
    wake_.wait_for(lock, take_ || !old_.empty() ? kLook : 1000ms);
  }
}

void RecordDesk::measure_space() {
  std::string folder;
  {
    const std::lock_guard lock(mutex_);
    folder = wanted_folder_;
  }
  // One that is not made yet will be on its parent's disk.
  struct statvfs disk {};
  std::filesystem::path place = folder;
  bool known = false;
  while (!known && !place.empty()) {
    known = statvfs(place.c_str(), &disk) == 0;
    if (!known && (errno != ENOENT || place == place.root_path())) break;
    if (!known) place = place.parent_path();
  }
  const std::lock_guard lock(mutex_);
  facts_.folder = folder;
  facts_.free_bytes =
      known ? static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) : -1;
}

void RecordDesk::prove() {
  RecordingFile file;
  {
    const std::lock_guard lock(mutex_);
    if (program_.empty()) return;
    const auto files = program_.front().watch->files();
    if (files.empty()) return;
    file = files.back();
    const MediaTime now = clock_.now();
    if (file.written != facts_.written) facts_.grown = now;
    facts_.written = file.written;
    const bool fresh = !facts_.decodes || now - facts_.checked >= kProveEvery;
    if (!file.last || file.written < file.last->to || !fresh) return;
    if (facts_.decodes && file.path == facts_.proven_path && file.last->end <= facts_.proven_end)
      return;
  }
  const auto pictures = check_fragment(file.path, *file.last);
  if (!pictures) log_warning("record", pictures.error().message);
  const std::lock_guard lock(mutex_);
  facts_.checked = clock_.now();
  facts_.decodes = pictures.ok();
  if (!pictures) return;
  facts_.proven_path = file.path;
  facts_.proven_end = file.last->end;
}

void RecordDesk::write_sidecars() {
  std::vector<RecordTake::Sidecar> wanted;
  {
    const std::lock_guard lock(mutex_);
    auto takes = old_;
    if (take_) takes.push_back(take_);
    takes.insert(takes.end(), iso_takes_.begin(), iso_takes_.end());
    for (const auto& take : takes)
      for (auto& sidecar : take->sidecars()) wanted.push_back(std::move(sidecar));
  }
  for (const auto& [path, json, closed] : wanted) {
    std::string& written = sidecars_[path];
    if (written == json) continue;
    if (const auto ok = write_file(path, json); ok)
      written = json;
    else if (closed)
      written = json;  // its disk is gone; the recording is, too
  }
}

// Those whose files are closed, and noted as such.
void RecordDesk::hand_over_ended() {
  std::vector<std::shared_ptr<RecordTake>> ended;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& take : old_) {
      const auto sidecars = take->sidecars();
      const bool noted = std::all_of(sidecars.begin(), sidecars.end(), [this](const auto& s) {
        const auto it = sidecars_.find(s.path);
        return s.closed && it != sidecars_.end() && it->second == s.json;
      });
      const bool more = take->no_more && !*take->no_more;  // a lane that still opens one
      if (retired_.empty() && noted && !more) ended.push_back(take);
    }
    std::erase_if(old_, [&](const auto& take) {
      return std::find(ended.begin(), ended.end(), take) != ended.end();
    });
    finaliser_.pause(!program_.empty());
  }
  for (const auto& take : ended)
    for (const auto& sidecar : take->sidecars()) {
      sidecars_.erase(sidecar.path);
      if (take->finalise) finaliser_.add(sidecar.path);
    }
}

void RecordDesk::report(const Show& show, MediaTime now, Snapshot& s) const {
  const std::lock_guard lock(mutex_);
  RecordStatus& r = s.record;
  r.path = last_program_;
  r.clean_path = last_clean_;
  r.finalising = finaliser_.making_of();
  r.finalise_reason = finaliser_.trouble();
  wanted_folder_ = folder_of(show);
  const double planned = planned_seconds(show);
  r.needed_hours = planned / 3600;
  double kbps = nominal_kbps(show) * (show.record.clean ? 2 : 1);
  const auto left = [&] {
    const bool known = facts_.free_bytes >= 0 && facts_.folder == wanted_folder_;
    // 0 says "not known": a full disk has next to nothing left.
    return known && kbps > 0 ? std::max(1e-3, facts_.free_bytes / (kbps * 1000 / 8 * 3600)) : 0;
  };
  if (program_.empty()) {
    kbps += nominal_iso_kbps(show);
    r.hours_left = left();
    return;
  }
  const File& file = program_.front();
  const OutputStatus status = file.runner->status(now);
  const auto files = file.watch->files();
  r.recording = true;
  r.seconds = (now - take_->since).to_seconds();
  r.needed_hours = std::max(0.0, planned - r.seconds) / 3600;
  r.path = file.runner->location();
  r.bytes = 0;
  for (const auto& f : files) r.bytes += f.written;
  if (r.seconds > kRateKnownAfter && show.record.clean == false)
    kbps = static_cast<double>(r.bytes) * 8e-3 / r.seconds;
  r.iso = iso_.status(now);
  const double iso_bytes = std::accumulate(
      r.iso.begin(), r.iso.end(), 0.0,
      [](double sum, const IsoStatus& i) { return sum + static_cast<double>(i.bytes); });
  kbps += r.seconds > kRateKnownAfter ? iso_bytes * 8e-3 / r.seconds : nominal_iso_kbps(show);
  r.off_record = take_->off_record();
  r.markers = marker_rows(take_->markers, take_->since);
  if (r.markers.size() > kShownMarkers)
    r.markers.erase(r.markers.begin(),
                    r.markers.end() - static_cast<std::ptrdiff_t>(kShownMarkers));
  r.reason = status.reason;
  if (!files.empty()) {
    const RecordingFile& newest = files.back();
    r.on_second_folder = newest.second;
    if (newest.second) wanted_folder_ = show.record.second_folder;
    const bool proof = facts_.decodes && facts_.proven_path == newest.path;
    r.proven = proof && status.state == OutputState::Live && now - facts_.checked < kProofLasts &&
               now - facts_.grown < kGrowsWithin;
    if (proof && newest.zero.ns != 0)
      r.proven_seconds =
          std::max(0.0, (newest.zero + facts_.proven_end - take_->since).to_seconds());
    const bool slow =
        static_cast<double>(newest.behind) * 8e-3 > nominal_kbps(show) * kBehind.to_seconds();
    if (r.reason.ja.empty() && slow) r.reason = behind();
    if (r.reason.ja.empty() && !facts_.decodes && newest.last && facts_.checked > take_->since)
      r.reason = no_proof();
  }
  r.quality_reason = encode_trouble_;
  r.hours_left = left();
  r.clean_path.clear();
  r.clean_reason = clean_trouble_;
  if (clean_.empty()) return;
  const OutputStatus clean = clean_.front().runner->status(now);
  r.clean_path = clean_.front().runner->location();
  if (clean.state != OutputState::Live) r.clean_reason = clean.reason;
}

}  // namespace kakehashi
