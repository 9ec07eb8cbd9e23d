// SPDX-License-Identifier: GPL-3.0-or-later
// Cameras: one at a time, then all of them open at once, which is when a crowded USB bus shows.
#include <algorithm>
#include <filesystem>

#include "capture/camera_offers.h"
#include "capture/devices.h"
#include "capture/thumbnail_file.h"
#include "station/equip/camera_tables.h"
#include "station/equip/camera_trial.h"
#include "station/equip/camera_verdict.h"
#include "station/equip/probe_rows.h"

namespace kakehashi {
namespace {

constexpr Duration kLook = Duration::milliseconds(2);
constexpr Duration kFirstPicture = Duration::seconds(4);  // an HDMI stick needs up to three
constexpr Duration kSettle = Duration::milliseconds(500);
constexpr int kThumbnail = 480;

bool shows_pictures(const Input& input) {
  if (!input.video) return false;
  if (!input.source) return true;  // a role without a device is told
  const SourceKind* kind = find_source_kind(input.source->kind);
  return kind && kind->description.has_video && !is_media(kind->nature);
}

double watch_seconds(const ProbeTask& task) { return task.quick ? 3 : 10; }

bool stopped(const ProbeTask& task) { return task.stop && *task.stop; }

// Looks at all of them until `until`.
void look(std::vector<std::unique_ptr<CameraTrial>>& trials, Clock& clock, MediaTime until,
          const ProbeTask& task, const std::function<void(MediaTime)>& tell) {
  MediaTime wanted = clock.now();
  for (MediaTime now = wanted; now < until && !stopped(task); now = clock.now()) {
    for (auto& trial : trials) trial->look(now - wanted);
    tell(now);
    wanted = clock.now() + kLook;
    clock.sleep_until(wanted);
  }
}

// Waits for the first pictures, lets them settle and watches for `seconds`.
void watch(std::vector<std::unique_ptr<CameraTrial>>& trials, Clock& clock, double seconds,
           const ProbeTask& task, const std::function<void(double)>& progress) {
  const auto nothing = [](MediaTime) {};
  const MediaTime opened = clock.now();
  const auto waiting = [&] {
    return std::any_of(trials.begin(), trials.end(),
                       [](const auto& t) { return t->runs() && !t->picture(); });
  };
  while (waiting() && clock.now() - opened < kFirstPicture && !stopped(task))
    look(trials, clock, clock.now() + kLook * 10, task, nothing);
  look(trials, clock, clock.now() + kSettle, task, nothing);
  for (auto& trial : trials) trial->restart();
  const MediaTime start = clock.now();
  const Duration length = Duration::from_seconds(seconds);
  MediaTime told = start;
  look(trials, clock, start + length, task, [&](MediaTime now) {
    if (now - told < Duration::milliseconds(250)) return;
    told = now;
    progress((now - start).to_seconds() / seconds);
  });
}

void add_picture(EquipmentItem& item, const CameraTrial& trial, const Input& input,
                 const ProbeTask& task) {
  const FramePtr frame = trial.picture();
  if (!frame || task.folder.empty()) return;
  const std::string name = item.id + ".jpg";
  if (save_thumbnail(*frame, input.masks, kThumbnail,
                     (std::filesystem::path(task.folder) / name).string()))
    item.picture = name;
}

// A second of another format of the same camera: does what it offers come?
void try_format(EquipmentItem& item, EquipmentTable& tried, const ProbeTask& task,
                const Input& input, const std::string& format) {
  MonotonicClock clock;
  Input other = input;
  other.source->settings["format"] = format;
  std::vector<std::unique_ptr<CameraTrial>> one;
  one.push_back(std::make_unique<CameraTrial>(other, task, clock));
  if (one[0]->runs()) watch(one, clock, 1, task, [](double) {});
  const CameraFigures f = one[0]->figures();
  tried.rows.push_back(tried_row(asked_words(format), f));
  if (f.opened) item.figures.push_back({"fps_" + format, f.fps, "fps"});
}

bool offers(const std::vector<CameraOffer>& all, const std::string& choice) {
  return std::any_of(all.begin(), all.end(),
                     [&](const CameraOffer& o) { return o.choice == choice; });
}

void run_alone(const ProbeTask& task, const ProbeReport& report) {
  for (const Input& input : task.inputs) {
    MonotonicClock clock;
    const Text now{"「" + input.name.ja + "」の映像を見ています",
                   "Watching " + input.name.pick(Language::English)};
    report.progress(0, now);
    const bool camera = input.source && input.source->kind == "camera";
    const auto offered = camera ? camera_offers(input.source->settings, others_of(task, input))
                                : std::vector<CameraOffer>();
    const bool formats = camera && !task.quick;
    EquipmentItem item;
    EquipmentTable tried = tried_table();
    {
      std::vector<std::unique_ptr<CameraTrial>> one;
      one.push_back(std::make_unique<CameraTrial>(input, task, clock));
      watch(one, clock, watch_seconds(task), task,
            [&](double p) { report.progress(p * (formats ? 0.8 : 1), now); });
      item = judge_camera("camera." + input.id, input, task.show.canvas, one[0]->figures(),
                          one[0]->findings());
      add_picture(item, *one[0], input, task);
      if (camera) {
        const auto set = input.source->settings.find("format");
        const auto* const choice =
            set != input.source->settings.end() ? std::get_if<std::string>(&set->second) : nullptr;
        tried.rows.push_back(tried_row(asked_words(choice ? *choice : "auto"), one[0]->figures()));
        if (!offered.empty()) item.tables = {offered_table(offered), tried};
      }
    }
    report.item(item);
    if (!formats || offered.empty() || stopped(task)) continue;
    for (const char* format : {"mjpg", "raw", "h264"})
      if (offers(offered, format) && !stopped(task)) try_format(item, tried, task, input, format);
    item.tables = {offered_table(offered), tried};
    report.item(item);
  }
}

void run_together(const ProbeTask& task, const ProbeReport& report) {
  std::vector<const Input*> inputs;
  for (const Input& input : task.inputs)
    if (input.source && shows_pictures(input)) inputs.push_back(&input);
  if (inputs.size() < 2) return;
  const Text now{"すべてのカメラを同時に開いています", "All cameras are open at once"};
  report.progress(0, now);
  MonotonicClock clock;
  std::vector<std::unique_ptr<CameraTrial>> trials;
  for (const Input* input : inputs)
    trials.push_back(std::make_unique<CameraTrial>(*input, task, clock));
  watch(trials, clock, watch_seconds(task), task, [&](double p) { report.progress(p, now); });
  for (std::size_t i = 0; i < trials.size(); ++i) {
    EquipmentItem item =
        judge_camera("cameras_together." + inputs[i]->id, *inputs[i], task.show.canvas,
                     trials[i]->figures(), {});  // the picture's content was judged alone
    if (trials[i]->figures().reason == Trouble::Busy) {
      item.cause = {"2つの役割が同じ機材を使おうとしています。", "Two roles want the same device."};
      item.action = {"会場の準備で、役割ごとに別の機材を選んでください。",
                     "Choose a device of its own for each role."};
      item.figures = {{"shared_device", 1, ""}};
    }
    item.name = {inputs[i]->name.ja + "　映像（全カメラ同時）",
                 inputs[i]->name.pick(Language::English) + ", with all cameras open"};
    report.item(item);
  }
}

}  // namespace

Probe camera_probe() {
  return {"camera",
          {"カメラを1台ずつ試しています", "Testing the cameras one by one"},
          shows_pictures,
          [](const ProbeTask& t) { return t.quick ? 6.0 : 20.0; },
          run_alone};
}

Probe cameras_together_probe() {
  return {"cameras_together",
          {"すべてのカメラを同時に試しています", "Testing all cameras at once"},
          nullptr,
          [](const ProbeTask& t) { return watch_seconds(t) + 4; },
          run_together};
}

}  // namespace kakehashi
