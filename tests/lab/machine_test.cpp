// SPDX-License-Identifier: GPL-3.0-or-later
// The equipment test's items about the PC: a recording disk that is roomy, nearly full, read-only
// or slow, and a clock that nobody keeps.
#include <doctest/doctest.h>
#include <sys/mount.h>
#include <sys/timex.h>

#include "tests/e2e/equipment.h"
#include "tests/e2e/station.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

// 6.2 Mbit/s: 2.8 GB an hour.
std::string event(const std::string& folder) {
  return filled(R"({"kakehashi_event": 1, "id": "pc", "title": "pc",
    "inputs": [{"id": "hall", "source": {"kind": "test"}}],
    "scenes": [{"id": "s", "layers": [{"input": "hall"}]}],
    "record": {"folder": "@FOLDER@"}})",
                {{"FOLDER", folder}});
}

// A disk of its own; nothing is written into it until somebody does.
class Disk {
 public:
  explicit Disk(const std::string& size) {
    REQUIRE(::mount("disk", folder_.path().c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0);
  }
  ~Disk() { ::umount2(folder_.path().c_str(), MNT_DETACH); }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  const std::string& path() const { return folder_.path(); }
  void make_read_only() const {
    REQUIRE(::mount("disk", path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0);
  }

 private:
  TempDir folder_;
};

EquipmentItem disk_item(const Disk& disk, const Environment& environment = {}) {
  const Items items =
      equip_test({.event = event(disk.path()), .only = {"disk"}, .environment = environment});
  REQUIRE(items.contains("machine.disk"));
  return items.at("machine.disk");
}

void keep_clock(bool kept) {
  timex t{};
  t.modes = ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR;
  t.status = kept ? STA_PLL : STA_UNSYNC;
  REQUIRE(::adjtimex(&t) >= 0);
}

}  // namespace

TEST_CASE("the recording's disk") {
  SUBCASE("roomy") {
    const EquipmentItem item = disk_item(Disk("60g"));
    passes(item);
    CHECK(figure(item, "hours") > 22);
    CHECK(figure(item, "hours") < 24);
  }
  SUBCASE("room for an hour and a half") {
    says(disk_item(Disk("5500m")), Verdict::Caution, "There is too little room for recording.");
  }
  SUBCASE("nearly full") {
    const EquipmentItem item = disk_item(Disk("100m"));
    says(item, Verdict::Fail, "There is too little room for recording.");
    // Nothing was written there, so nothing is said about its speed.
    CHECK(item.found.en.find("fast") == std::string::npos);
  }
  SUBCASE("read-only") {
    const Disk disk("60g");
    disk.make_read_only();
    says(disk_item(disk), Verdict::Fail, "The recording folder cannot be written to.");
  }
  SUBCASE("slow") {
    const EquipmentItem item =
        disk_item(Disk("60g"), {{"LD_PRELOAD", SHORTAGE}, {"KAKEHASHI_LAB_DISK_MB_S", "4"}});
    says(item, Verdict::Caution, "The disk is slow: parts of the recording may be missing.");
    CHECK(figure(item, "write_mb_per_s") < 4.3);
    CHECK(figure(item, "write_mb_per_s") > 3.5);
  }
  SUBCASE("far too slow") {
    says(disk_item(Disk("60g"), {{"LD_PRELOAD", SHORTAGE}, {"KAKEHASHI_LAB_DISK_MB_S", "1.5"}}),
         Verdict::Fail, "The disk is slow: parts of the recording may be missing.");
  }
}

TEST_CASE("the PC's clock") {
  const TempDir folder;
  const auto clock_item = [&] {
    const Items items = equip_test({.event = event(folder.path()), .only = {"machine"}});
    REQUIRE(items.contains("machine.clock"));
    return items.at("machine.clock");
  };
  keep_clock(true);
  passes(clock_item());
  keep_clock(false);
  says(clock_item(), Verdict::Caution, "The clock is not kept by the network.");
}
