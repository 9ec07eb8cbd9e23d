// SPDX-License-Identifier: GPL-3.0-or-later
// 連続運転: all cameras and sound devices open together for as long as asked, read as on air.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "capture/devices.h"
#include "capture/input_feed.h"
#include "station/equip/burn_in.h"
#include "station/equip/probe_rows.h"

namespace kakehashi {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kLagBlocks = 4;  // sound is read 40 ms after its moment, as on air
constexpr Duration kWarmUp = Duration::seconds(8);  // all open, figures settled

// Files of /proc and /sys as told in proc(5) and the kernel's sysfs-api for thermal zones.
double hottest() {
  double most = -1;
  std::error_code ec;
  for (const auto& zone : fs::directory_iterator("/sys/class/thermal", ec)) {
    std::ifstream in(zone.path() / "temp");
    double thousandths = 0;
    if (in >> thousandths && thousandths < 150'000) most = std::max(most, thousandths / 1000);
  }
  return most;
}

double free_bytes(const std::string& folder) {
  std::error_code ec;
  const auto space = fs::space(folder.empty() ? "." : folder, ec);
  return ec ? -1 : static_cast<double>(space.available);
}

class CpuLook {
 public:
  double share() {
    std::ifstream in("/proc/stat");
    std::string word;
    in >> word;
    double all = 0, idle = 0, value = 0;
    for (int i = 0; i < 8 && in >> value; ++i) {
      all += value;
      if (i == 3 || i == 4) idle += value;  // idle, iowait
    }
    const double spent = all - all_, rested = idle - idle_;
    const bool known = all_ > 0 && spent > 0;
    all_ = all;
    idle_ = idle;
    return known ? 1 - rested / spent : -1;
  }

 private:
  double all_ = 0, idle_ = 0;
};

bool takes_part(const Input& input) {
  if (!input.source) return false;
  const SourceKind* kind = find_source_kind(input.source->kind);
  return !kind || !is_media(kind->nature);
}

FeedConfig config_of(const Input& input, const ProbeTask& task, Clock& clock) {
  FeedConfig c;
  c.input = input;
  c.spec = input.source;
  c.canvas = task.show.canvas;
  c.epoch = clock.now();
  c.media_folder = task.media_folder;
  c.clock = &clock;
  for (const Input& other : task.show.inputs)
    if (other.id != input.id && other.source)
      if (const auto theirs = identity_of(*other.source); !theirs.empty())
        c.others.push_back(theirs);
  return c;
}

void run(const ProbeTask& task, const ProbeReport& report) {
  std::vector<Input> inputs;
  for (const Input& input : task.inputs)
    if (takes_part(input)) inputs.push_back(input);
  MonotonicClock clock;
  const MediaTime epoch = clock.now();
  std::vector<std::unique_ptr<InputFeed>> feeds;
  for (const Input& input : inputs)
    feeds.push_back(std::make_unique<InputFeed>(config_of(input, task, clock)));

  BurnIn burn_in(inputs);
  CpuLook cpu;
  const Text now_words{"すべての機材を開いたまま連続運転しています",
                       "Burn-in: everything stays open"};
  const Duration length = Duration::from_seconds(task.burn_in_minutes * 60);
  const auto stopped = [&] { return task.stop && *task.stop; };
  const MediaTime begin = epoch + kWarmUp;
  MediaTime next_look = begin;
  AudioBlock sound;
  // The pace of the mix loops: sound is read in blocks of 10 ms, pictures at every third of them.
  for (std::int64_t block = 0; !stopped(); ++block) {
    const MediaTime due = epoch + time_of_sample(block * kBlockSamples);
    clock.sleep_until(due);
    for (std::size_t i = 0; i < feeds.size(); ++i) {
      if (inputs[i].video && block % 3 == 0) (void)feeds[i]->video().at(due);
      if (inputs[i].audio && block >= kLagBlocks) {
        sound.position = (block - kLagBlocks) * kBlockSamples;
        feeds[i]->audio().read(sound, due);
      }
    }
    if (due < next_look) continue;
    next_look = next_look + BurnIn::kEvery;
    std::vector<InputStatus> looks;
    for (auto& feed : feeds) looks.push_back(feed->status(due));
    burn_in.look(due, looks, {hottest(), free_bytes(task.folder), cpu.share()});
    report.progress(std::min(1.0, (due - begin).to_seconds() / length.to_seconds()), now_words);
    const bool whole = due - begin >= length;
    // Told at every look: what is known stays when this process is ended.
    for (const EquipmentItem& item : burn_in.items(whole)) report.item(item);
    if (whole) break;
  }
}

}  // namespace

Probe burn_in_probe() {
  return {
      "burn_in",
      {"連続運転をしています", "Burn-in"},
      nullptr,
      [](const ProbeTask& t) { return t.burn_in_minutes > 0 ? t.burn_in_minutes * 60 + 10 : 0.0; },
      run};
}

}  // namespace kakehashi
