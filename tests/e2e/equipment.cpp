// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/equipment.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "station/equip/result_file.h"
#include "tests/e2e/station.h"

namespace kakehashi::testing {

EquipRun run_equip_test(const EquipTest& wish) {
  const TempDir folder;
  write_text(folder / "event.json", wish.event);
  std::vector<std::string> command{station_program(),
                                   "--lang",
                                   "en",
                                   "equip-test",
                                   "--event",
                                   folder / "event.json",
                                   "--json",
                                   folder / "result.json"};
  if (wish.quick) command.emplace_back("--quick");
  if (wish.burn_in_minutes > 0)
    command.insert(command.end(), {"--burn-in", std::to_string(wish.burn_in_minutes)});
  if (!wish.only.empty()) command.emplace_back("--only");
  command.insert(command.end(), wish.only.begin(), wish.only.end());
  command.insert(command.end(), wish.options.begin(), wish.options.end());
  Environment environment = wish.environment;
  environment["XDG_DATA_HOME"] = folder / "data";
  EquipRun done;
  const auto process = Process::start(command, environment, "/dev/null");
  REQUIRE(process);
  const auto limit = std::chrono::seconds(300 + static_cast<int>(wish.burn_in_minutes * 60));
  while (const auto line = process->read_line(limit)) {
    done.out += *line + "\n";
    if (wish.told) wish.told(*line);
  }
  done.code = process->wait(limit).value_or(-1);
  const EquipmentReading read = parse_result(read_text(folder / "result.json"));
  if (read.faults.empty())
    for (const auto& item : read.result.items) done.items[item.id] = item;
  return done;
}

Items equip_test(const EquipTest& wish) {
  EquipRun done = run_equip_test(wish);
  INFO(done.out);
  REQUIRE_FALSE(done.items.empty());
  const bool failed = std::any_of(done.items.begin(), done.items.end(),
                                  [](const auto& i) { return i.second.verdict == Verdict::Fail; });
  CHECK(done.code == (failed ? 1 : 0));
  return std::move(done.items);
}

void passes(const EquipmentItem& item) {
  CAPTURE(item.id);
  CAPTURE(item.found.en);
  CAPTURE(item.cause.en);
  CHECK(item.verdict == Verdict::Pass);
}

void says(const EquipmentItem& item, Verdict verdict, const std::string& cause_en) {
  CAPTURE(item.id);
  CAPTURE(item.found.en);
  CHECK(item.verdict == verdict);
  CHECK(item.cause.en == cause_en);
  CHECK_FALSE(item.cause.ja.empty());
  CHECK_FALSE(item.action.ja.empty());
  CHECK_FALSE(item.action.en.empty());
}

double figure(const EquipmentItem& item, const std::string& id) {
  for (const EquipmentFigure& f : item.figures)
    if (f.id == id) return f.value;
  FAIL(item.id << " has no figure " << id);
  return 0;
}

}  // namespace kakehashi::testing
