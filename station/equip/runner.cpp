// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/runner.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "core/show.h"
#include "station/equip/camera_verdict.h"
#include "station/equip/probe_process.h"
#include "station/equip/retest.h"

namespace kakehashi {
namespace {

using Steady = std::chrono::steady_clock;

std::string id_of(const PlannedProbe& p) {
  return p.role.empty() ? p.probe : p.probe + "." + p.role;
}

// A word of `only` names a probe, a row, or an item that `known` says to be the row's.
bool wanted(const PlannedProbe& p, const std::vector<std::string>& only,
            const std::vector<EquipmentItem>& known) {
  return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& word) {
           if (word == p.probe || word == id_of(p)) return true;
           if (const auto* item = find_by_id(known, word); item && !item->part.empty())
             return item->part == id_of(p);
           return p.role.empty() && word.starts_with(p.probe + ".");
         });
}

// A burn-in of two hours is not waited for six.
Duration limit_of(const PlannedProbe& p, Duration least) {
  const double limit = std::min(3 * p.seconds, p.seconds + 120);
  return std::max(least, Duration::from_seconds(limit));
}

void no_answer(EquipmentItem& item, ProbeEnd end) {
  item.verdict = Verdict::Fail;
  switch (end) {
    case ProbeEnd::Hung:
      item.cause = {"機材が応答しません。試験の時間を過ぎました。",
                    "The device does not answer; its test ran out of time."};
      item.action = {"機材の電源を入れ直し、差し直してから、もう一度試してください。",
                     "Switch the device off and on, plug it in again and repeat the test."};
      return;
    case ProbeEnd::Died:
      item.cause = {"機材が応答しません。試験のプログラムが途中で落ちました。",
                    "The device does not answer; the program that tested it ended unexpectedly."};
      item.action = {"機材を差し直して、もう一度試してください。",
                     "Plug the device in again and repeat the test."};
      return;
    default:
      item.cause = {"機材が応答しません。試験の結果を読み取れませんでした。",
                    "The device does not answer; its test gave no readable result."};
      item.action = {"もう一度試してください。", "Repeat the test."};
  }
}

class Test {
 public:
  Test(const TestWish& wish, const std::atomic<bool>& stop,
       const std::function<void(const EquipmentProgress&)>& told)
      : wish_(wish), stop_(stop), told_(told) {
    end_.progress.running = true;
    end_.progress.result.quick = wish.quick;
    end_.progress.result.burn_in_minutes = wish.burn_in_minutes;
  }

  TestEnd run() {
    if (!plan()) return finish();
    end_.ran = true;
    for (std::size_t i = 0; i < plan_.size() && !stop_; ++i) {
      begin(plan_[i], rows_[i]);
      probe(plan_[i], rows_[i]);
      done_ += plan_[i].seconds;
    }
    if (stop_)
      end_.progress.refusal =
          end_.joined
              ? Text{"もう一度の試験を途中で止めました。終わらなかった項目は前の結果のままです。",
                     "The repeated test was stopped; what it did not finish is as it was before."}
              : Text{"試験は途中で止められました。ここまでの結果です。",
                     "The test was stopped; these are the results so far."};
    return finish();
  }

 private:
  std::vector<EquipmentItem>& items() { return end_.progress.result.items; }

  ProbeProcess process(const std::string& name, const std::string& role, Duration limit) const {
    ProbeProcess p{wish_.program, limit};
    p.argv.push_back(name);
    p.argv.insert(p.argv.end(), wish_.options.begin(), wish_.options.end());
    if (!role.empty()) p.argv.insert(p.argv.end(), {"--role", role});
    if (wish_.quick) p.argv.emplace_back("--quick");
    if (wish_.burn_in_minutes > 0)
      p.argv.insert(p.argv.end(), {"--burn-in", std::to_string(wish_.burn_in_minutes)});
    p.argv.insert(p.argv.end(), {"--folder", wish_.folder, "--parent", std::to_string(::getpid())});
    return p;
  }

  bool plan() {
    end_.progress.now = {"つながっている機材を調べています", "Looking at what is plugged in"};
    tell(true);
    ProbeProcess p = process("plan", "", Duration::seconds(60));
    p.hear_errors = true;
    const ProbeOutcome outcome = run_process(
        p, stop_,
        [&](std::string_view line) {
          const auto said = parse_probe_line(line);
          if (!said) return;
          if (const auto* row = std::get_if<PlannedProbe>(&*said)) {
            plan_.push_back(*row);
          } else if (const auto* show = std::get_if<PlannedShow>(&*said)) {
            show_ = *show;
          }
        },
        [&] { tell(false); });
    if (outcome.end == ProbeEnd::Stopped)
      end_.progress.refusal = {"試験は始まる前に止められました。",
                               "The test was stopped before it began."};
    else if (outcome.end == ProbeEnd::Refused)
      end_.progress.refusal = {
          "行事か会場のファイルが正しくないため、試験を始められません。ファイルを確かめてください"
          "。",
          "The event or venue file has faults, so the test cannot begin. Check the file."};
    else if (outcome.end != ProbeEnd::Well)
      end_.progress.refusal = {
          "機材の一覧を作れませんでした。機材を差し直して、もう一度試してください。",
          "The list of devices could not be made. Plug them in again and repeat the test."};
    else if (plan_.empty())
      end_.progress.refusal = {"試験する機材がありません。カメラやマイクをつないでください。",
                               "There is nothing to test. Plug in cameras and microphones."};
    if (!end_.progress.refusal.ja.empty()) return false;
    EquipmentResult& result = end_.progress.result;
    result.event = show_.event;
    result.venue = show_.venue;
    end_.venue_id = show_.venue_id;
    if (!wish_.only.empty() && wish_.part_of)
      if (auto whole = wish_.part_of(show_)) {
        result = std::move(*whole);
        end_.joined = true;
      }
    std::erase_if(plan_, [&](const PlannedProbe& p2) { return !wanted(p2, wish_.only, items()); });
    if (plan_.empty()) {
      end_.progress.refusal = {
          "この項目は、今の行事と機材の中にありません。機材をつなぎ、全体の試験をしてください。",
          "No such item among this event's devices. Plug the device in and test everything."};
      return false;
    }
    for (const PlannedProbe& p2 : plan_) {
      rows_.push_back({id_of(p2), p2.item});
      rows_.back().await(items());
      total_ += p2.seconds;
    }
    return true;
  }

  void begin(const PlannedProbe& p, RowItems& row) {
    step_ = 0;
    end_.progress.now = p.title;
    row.begin(items());
    tell_at(p);
    tell(true);
  }

  void probe(const PlannedProbe& p, RowItems& row) {
    bool answered = false;  // an item came, which is what a probe is for
    bool garbage = false;
    const ProbeOutcome outcome = run_process(
        process(p.probe, p.role, limit_of(p, wish_.shortest_limit)), stop_,
        [&](std::string_view line) {
          const auto said = parse_probe_line(line);
          if (!said) {
            garbage = true;
          } else if (const auto* step = std::get_if<ProbeStep>(&*said)) {
            step_ = step->progress;
            if (!step->now.ja.empty()) end_.progress.now = step->now;
            tell_at(p);
          } else if (const auto* item = std::get_if<EquipmentItem>(&*said)) {
            answered = true;
            EquipmentItem fresh = *item;
            fresh.again = end_.joined ? wish_.time : "";
            row.put(items(), std::move(fresh));
            tell(true);
          }
        },
        [&] { tell(false); });

    if (outcome.end == ProbeEnd::Stopped) {
      row.stopped(items());
    } else if (outcome.end != ProbeEnd::Well || (garbage && !answered)) {
      EquipmentItem& own = row.fail(items());
      own.again = end_.joined ? wish_.time : "";
      no_answer(own, outcome.end);
    } else {
      row.done(items());
    }
    explain_together(items());
    tell(true);
  }

  void tell_at(const PlannedProbe& p) {
    const double done = done_ + step_ * p.seconds;
    end_.progress.progress = total_ > 0 ? std::min(1.0, done / total_) : 0;
    end_.progress.seconds_left = std::max(0.0, total_ - done);
    tell(false);
  }

  void tell(bool at_once) {
    const auto now = Steady::now();
    if (!at_once && now - told_at_ < std::chrono::milliseconds(500)) return;
    told_at_ = now;
    told_(end_.progress);
  }

  TestEnd finish() {
    EquipmentResult& result = end_.progress.result;
    for (RowItems& row : rows_) row.finish(items());
    if (end_.joined) question_together(items(), wish_.time);
    result.stopped = std::any_of(items().begin(), items().end(),
                                 [](const EquipmentItem& i) { return i.stopped; });
    end_.progress.running = false;
    end_.progress.seconds_left = 0;
    if (end_.progress.refusal.ja.empty()) end_.progress.progress = 1;
    end_.progress.now = {};
    return std::move(end_);
  }

  const TestWish& wish_;
  const std::atomic<bool>& stop_;
  const std::function<void(const EquipmentProgress&)>& told_;
  TestEnd end_;
  PlannedShow show_;
  std::vector<PlannedProbe> plan_;
  std::vector<RowItems> rows_;  // of plan_, in its order
  double total_ = 0, done_ = 0, step_ = 0;
  Steady::time_point told_at_{};
};

}  // namespace

TestEnd run_test(const TestWish& wish, const std::atomic<bool>& stop,
                 const std::function<void(const EquipmentProgress&)>& told) {
  return Test(wish, stop, told).run();
}

int exit_code_of(const TestEnd& end) {
  if (!end.ran) return 2;
  const auto& items = end.progress.result.items;
  if (std::any_of(items.begin(), items.end(),
                  [](const EquipmentItem& i) { return i.verdict == Verdict::Fail; }))
    return 1;
  return end.progress.result.stopped ? 3 : 0;
}

}  // namespace kakehashi
