// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equipment_desk.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "core/log.h"
#include "core/show.h"
#include "core/thread.h"
#include "station/child_process.h"
#include "station/door/codec.h"

namespace kakehashi {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kLongestLine = 1024 * 1024;
constexpr std::chrono::milliseconds kLook{50};
constexpr std::size_t kMostParts = 100;

Text wished_words() {
  return {"機材テストを中止しました。→ もう一度試すときは「機材テスト」を押してください。",
          "The equipment test was stopped. -> Press \"Equipment test\" to try again."};
}
Text on_air_words() {
  return {
      "配信・録画を始めたので、機材テストを中止しました。→ 終わってからもう一度試してください。",
      "The equipment test was stopped because the show began. -> Try again after it."};
}
Text not_started_words() {
  return {"機材テストを始められませんでした。→ もう一度押し、だめなら架け橋を入れ直してください。",
          "The equipment test could not be started. -> Try again; if it fails, install again."};
}
Text not_released_words() {
  return {
      "使用中の機材を放せず、機材テストを始められませんでした。→ "
      "少し待ってもう一度押してください。",
      "Devices in use could not be let go of. -> Wait a moment and try again."};
}
Text silent_words() {
  return {"機材テストが応答しなくなったので止めました。→ 最後に試した機材を抜き差ししてください。",
          "The equipment test hung and was ended. -> Unplug and replug the device tried last."};
}
Text broken_words() {
  return {
      "機材テストが途中で止まりました。→ 最後に試した機材を抜き差しして、もう一度試してください。",
      "The equipment test broke off. -> Replug the device tried last and try again."};
}
Text unreadable_words() {
  return {"機材テストの結果を読めませんでした。→ 架け橋を新しい版に入れ直してください。",
          "What the equipment test says cannot be read. -> Install one version of everything."};
}
Text not_reopened_words() {
  return {"機材を元に戻せませんでした。→ 行事のファイルを開き直してください。",
          "The devices could not be opened again. -> Open the event again."};
}

Text part_broken_words(const Text& why) {
  return {why.ja + "（終わらなかった項目は前の結果のままです。）",
          why.en + " (What it did not finish is as it was before.)"};
}

bool member(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

}  // namespace

EquipmentDesk::EquipmentDesk(Roads roads, Limits limits)
    : roads_(std::move(roads)), limits_(limits) {}

EquipmentDesk::~EquipmentDesk() { leave(); }

void EquipmentDesk::leave() {
  const std::lock_guard one(begin_mutex_);
  leaving_ = true;
  cancel(End::Leaving);
  if (thread_.joinable()) thread_.join();
}

Status EquipmentDesk::begin(const TestEquipment& wish) {
  const bool burns = wish.burn_in_minutes != 0;  // NaN does, too, and is refused
  if (burns && !(wish.burn_in_minutes >= kMinBurnIn && wish.burn_in_minutes <= kMaxBurnIn))
    return Error{ErrorKind::FixInput, "equipment: burn_in_minutes: " + number(kMinBurnIn) + " to " +
                                          number(kMaxBurnIn) + " minutes, or 0 for none"};
  // They become arguments of a program.
  if (wish.only.size() > kMostParts ||
      std::any_of(wish.only.begin(), wish.only.end(), [](const std::string& part) {
        return part.empty() || part.size() > 200 || part[0] == '-';
      }))
    return Error{ErrorKind::FixInput,
                 "equipment: only: names of parts of the last result, as in its items"};
  std::vector<std::string> argv = roads_.program ? roads_.program() : std::vector<std::string>();
  if (argv.empty())
    return Error{ErrorKind::Unsupported,
                 "equipment: this station has no equipment test",
                 {"この本体には機材テストがありません。→ 架け橋を入れ直してください。",
                  "This station has no equipment test. -> Install Kakehashi again."}};
  argv.emplace_back("--progress");
  if (wish.quick) argv.emplace_back("--quick");
  if (wish.clap) argv.emplace_back("--clap");
  if (wish.burn_in_minutes > 0) {
    argv.emplace_back("--burn-in");
    argv.push_back(number(wish.burn_in_minutes));
  }
  for (const std::string& part : wish.only) argv.insert(argv.end(), {"--only", part});
  const std::lock_guard one(begin_mutex_);
  if (leaving_ || running())
    return Error{ErrorKind::FixInput,
                 "equipment: a test is running; end it first (\"on\": false)",
                 {"機材テスト中です。→ 終わるまで待つか、「中止」を押してください。",
                  "An equipment test is running. -> Wait for its end, or cancel it."}};
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  running_ = true;
  end_ = End::None;
  told_all_ = too_long_ = false;
  garbage_ = 0;
  lines_ = 0;
  line_.clear();
  part_ = !wish.only.empty();
  EquipmentProgress last = std::exchange(now_, {});
  before_ = std::move(last.result);
  now_.running = true;
  if (part_) {
    now_.result = before_;
    now_.html = std::move(last.html);
    for (EquipmentItem& item : now_.result.items)
      if (member(wish.only, item.part) || member(wish.only, item.id))
        item.verdict = Verdict::Waiting;
  }
  now_.now = {"機材を放しています", "Letting go of the devices"};
  thread_ = std::thread([this, argv = std::move(argv)] { run(argv); });
  return {};
}

void EquipmentDesk::cancel(End why) {
  const std::lock_guard lock(mutex_);
  if (!running_ || end_ >= why) return;  // a stronger reason takes over
  end_ = why;
  wake_.notify_all();
}

bool EquipmentDesk::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

EquipmentProgress EquipmentDesk::progress() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void EquipmentDesk::run(const std::vector<std::string>& argv) {
  begin_thread("equipment", Urgency::Looking);
  if (const auto released = roads_.release(); !released) {
    log_warning("equipment", released.error().message);
    break_off(not_released_words());
  } else {
    follow(argv);
  }
  tell({"機材を開き直しています", "Opening the devices again"});
  bool leaving = false;
  {
    const std::lock_guard lock(mutex_);
    leaving = end_ == End::Leaving;
  }
  if (!leaving)
    if (const auto open = roads_.reopen(); !open) {
      log_error("equipment", open.error().message);
      break_off(not_reopened_words());
    }
  {
    const std::lock_guard lock(mutex_);
    now_.running = running_ = false;
    now_.seconds_left = -1;
    now_.now = {};
  }
  roads_.changed();
}

// From the start of its process to its end.
void EquipmentDesk::follow(const std::vector<std::string>& argv) {
  ChildSpec spec;
  spec.name = "equipment";
  spec.argv = argv;
  spec.once = true;
  spec.grace = limits_.grace;
  spec.output = [this](std::string_view piece) { hear(piece); };
  std::unique_lock lock(mutex_);
  if (end_ != End::None) {
    lock.unlock();
    return break_off(end_ == End::OnAir ? on_air_words() : wished_words());
  }
  auto child = ChildProcess::start(std::move(spec));
  if (!child) {
    lock.unlock();
    log_error("equipment", child.error().message);
    return break_off(not_started_words());
  }
  End obeyed = End::None;
  bool hung = false;
  std::uint64_t heard = lines_;
  auto alive = Steady::now();
  while (!(*child)->status().ended) {
    wake_.wait_for(lock, kLook, [&] { return end_ != obeyed; });
    if (heard != lines_) alive = Steady::now();
    heard = lines_;
    if (end_ == End::None && Steady::now() - alive > std::chrono::nanoseconds(limits_.silence.ns)) {
      hung = true;
      end_ = End::Wished;
    }
    if (end_ == obeyed) continue;
    obeyed = end_;
    if (obeyed == End::Wished)
      (*child)->stop();
    else
      (*child)->kill();
  }
  const std::string how = (*child)->status().last_end;
  const bool told_all = told_all_, nothing = lines_ == 0, garbage = garbage_ > 0;
  const End end = end_;
  lock.unlock();
  if (end == End::OnAir) return break_off(on_air_words());
  if (hung) return break_off(silent_words());
  if (end != End::None) return break_off(wished_words());
  if (told_all) return;
  log_warning("equipment", "the test's process " + how + " before its end");
  if (how.starts_with("cannot be started")) return break_off(not_started_words());
  break_off(nothing && garbage ? unreadable_words() : broken_words());
}

void EquipmentDesk::hear(std::string_view piece) {
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    line_ += piece.substr(0, end);
    if (line_.size() > kLongestLine) {
      too_long_ = true;
      line_.clear();
    }
    if (end == std::string_view::npos) return;
    if (too_long_ || !line_.empty()) hear_line(too_long_ ? std::string_view("...") : line_);
    too_long_ = false;
    line_.clear();
    piece.remove_prefix(end + 1);
  }
}

void EquipmentDesk::hear_line(std::string_view line) {
  auto told = parse_equipment(line);
  {
    const std::lock_guard lock(mutex_);
    if (!told) {
      if (garbage_++ == 0)  // once: who writes garbage writes much of it
        log_warning("equipment", "a line of its process is none of ours: " + told.error().message);
      return;
    }
    ++lines_;
    told_all_ = !told->running;
    std::swap(now_, *told);
    now_.running = true;  // the devices are still to be opened
    // While it makes its plan.
    if (part_ && now_.result.items.empty()) now_.result = std::move(told->result);
    if (part_ && now_.html.empty()) now_.html = std::move(told->html);
  }
  roads_.changed();
}

void EquipmentDesk::tell(Text now) {
  {
    const std::lock_guard lock(mutex_);
    now_.now = std::move(now);
  }
  roads_.changed();
}

// What was not tried to its end says so, or is again what it was.
void EquipmentDesk::break_off(Text why) {
  const std::lock_guard lock(mutex_);
  if (part_) why = part_broken_words(why);
  now_.refusal = std::move(why);
  for (EquipmentItem& item : now_.result.items) {
    if (item.verdict != Verdict::Waiting && item.verdict != Verdict::Running) continue;
    if (const auto* old = part_ ? find_by_id(before_.items, item.id) : nullptr) {
      item = *old;
      continue;
    }
    item.verdict = Verdict::Skipped;
    item.stopped = now_.result.stopped = true;
    item.cause = {"テストが途中で終わりました。", "The test ended before its turn was over."};
    item.action = {"もう一度試してください。", "Test it again."};
  }
}

}  // namespace kakehashi
