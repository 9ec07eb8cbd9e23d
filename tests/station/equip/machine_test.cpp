// SPDX-License-Identifier: GPL-3.0-or-later
// Machines made of files.
#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "station/equip/machine_state.h"

using namespace kakehashi;
namespace fs = std::filesystem;

namespace {

class MadeUpMachine {
 public:
  MadeUpMachine() {
    static int count = 0;
    root_ = fs::temp_directory_path() /
            ("kakehashi_machine_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    fs::create_directories(root_);
  }
  ~MadeUpMachine() { fs::remove_all(root_); }
  void put(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text << '\n';
  }
  void says(const std::string& program, const std::string& answer) { answers_[program] = answer; }
  MachineState read() const {
    return read_machine(root_.string(),
                        [&](const std::vector<std::string>& a) -> std::optional<std::string> {
                          const auto it = answers_.find(a[0] == "gsettings" ? a[3] : a[0]);
                          if (it == answers_.end()) return {};
                          return it->second;
                        });
  }
  EquipmentItem item(const char* id) const {
    const MachineState m = read();
    for (const auto& i : judge_machine(m, m))
      if (i.id == std::string("machine.") + id) return i;
    return {};
  }

 private:
  fs::path root_;
  std::map<std::string, std::string> answers_;
};

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a bare machine is neither accused nor praised for what it does not tell") {
  const MadeUpMachine m;
  CHECK(m.item("power").verdict == Verdict::Pass);
  CHECK(m.item("heat").verdict == Verdict::Skipped);
  CHECK(m.item("sleep").verdict == Verdict::Skipped);
  CHECK(m.item("clock").verdict == Verdict::Skipped);
  CHECK(m.item("updates").verdict == Verdict::Pass);
  for (const char* id : {"heat", "sleep", "clock"}) CHECK_FALSE(m.item(id).cause.ja.empty());
}

TEST_CASE("a laptop on its battery fails, on mains it passes; a mouse's battery is not its own") {
  MadeUpMachine m;
  m.put("sys/class/power_supply/BAT0/type", "Battery");
  m.put("sys/class/power_supply/BAT0/capacity", "63");
  m.put("sys/class/power_supply/AC/type", "Mains");
  m.put("sys/class/power_supply/AC/online", "0");
  CHECK(m.item("power").verdict == Verdict::Fail);
  CHECK(has(m.item("power").found.ja, "63 %"));
  m.put("sys/class/power_supply/AC/online", "1");
  CHECK(m.item("power").verdict == Verdict::Pass);
  m.put("sys/firmware/acpi/platform_profile", "low-power");
  CHECK(m.item("power").verdict == Verdict::Caution);

  MadeUpMachine desktop;
  desktop.put("sys/class/power_supply/mouse/type", "Battery");
  desktop.put("sys/class/power_supply/mouse/scope", "Device");
  CHECK_FALSE(desktop.read().battery);
}

TEST_CASE("a laptop charged by USB-C has several supplies; one that is plugged in is enough") {
  MadeUpMachine m;
  m.put("sys/class/power_supply/BAT0/type", "Battery");
  m.put("sys/class/power_supply/usb1/type", "USB");
  m.put("sys/class/power_supply/usb1/online", "1");
  m.put("sys/class/power_supply/usb2/type", "USB");
  m.put("sys/class/power_supply/usb2/online", "0");
  CHECK(m.item("power").verdict == Verdict::Pass);
}

TEST_CASE("heat: hot is a caution; throttling that goes on fails, an old count does not") {
  MadeUpMachine m;
  m.put("sys/class/thermal/thermal_zone0/temp", "61000");
  m.put("sys/class/thermal/thermal_zone1/temp", "-274000");
  m.put("sys/class/thermal/cooling_device0/temp", "99000");
  m.put("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "412");
  CHECK(m.item("heat").verdict == Verdict::Pass);
  const MachineState before = m.read();
  CHECK(before.hottest == doctest::Approx(61));
  m.put("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "413");
  CHECK(judge_machine(before, m.read())[1].verdict == Verdict::Fail);
  m.put("sys/class/thermal/thermal_zone0/temp", "88000");
  CHECK(m.item("heat").verdict == Verdict::Caution);
}

TEST_CASE("sleep and lock: settings of the desktop, unless somebody holds them off") {
  MadeUpMachine m;
  m.says("sleep-inactive-ac-type", "'suspend'\n");
  m.says("sleep-inactive-ac-timeout", "1800\n");
  CHECK(m.item("sleep").verdict == Verdict::Fail);
  m.says("systemd-inhibit", "Kakehashi 1000 hall 4242 kakehashi idle:sleep 本番中 block\n");
  CHECK(m.item("sleep").verdict == Verdict::Pass);
  m.says("systemd-inhibit", "NetworkManager 0 root 600 NetworkManager sleep needs it delay\n");
  CHECK(m.item("sleep").verdict == Verdict::Fail);
  m.says("sleep-inactive-ac-type", "'nothing'\n");
  CHECK(m.item("sleep").verdict == Verdict::Pass);
  m.says("lock-enabled", "true\n");
  m.says("idle-delay", "uint32 300\n");
  CHECK(m.item("sleep").verdict == Verdict::Caution);
  CHECK(has(m.item("sleep").cause.ja, "ロック"));
  m.says("idle-delay", "uint32 0\n");
  CHECK(m.item("sleep").verdict == Verdict::Pass);
}

TEST_CASE("a laptop's lid: sleeps unless logind is told otherwise, drop-ins win") {
  MadeUpMachine m;
  m.put("proc/acpi/button/lid/LID0/state", "state: open");
  CHECK(m.item("sleep").verdict == Verdict::Caution);
  m.put("etc/systemd/logind.conf", "[Login]\n#HandleLidSwitch=suspend");
  CHECK(m.item("sleep").verdict == Verdict::Caution);
  m.put("etc/systemd/logind.conf.d/10-hall.conf", "[Login]\nHandleLidSwitch=ignore");
  CHECK(m.item("sleep").verdict == Verdict::Pass);
}

TEST_CASE("the clock") {
  MadeUpMachine m;
  m.put("run/systemd/timesync/synchronized", "");
  CHECK(m.item("clock").verdict == Verdict::Pass);
  // As chrony 4.3 prints it.
  m.says("chronyc",
         "C0A80101,gw,3,1732240000.1,2.500000000,0.1,0.2,-3.1,0.0,0.1,0.02,0.001,64.2,Normal\n");
  CHECK(m.item("clock").verdict == Verdict::Fail);
  m.says("chronyc",
         "C0A80101,gw,3,1732240000.1,0.000020000,0.1,0.2,-3.1,0.0,0.1,0.02,0.001,64.2,Normal\n");
  CHECK(m.item("clock").verdict == Verdict::Pass);
  m.says("chronyc",
         "7F7F0101,,0,0.0,0.000000000,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,Not synchronised\n");
  CHECK(m.item("clock").verdict == Verdict::Caution);
}

TEST_CASE("updates") {
  MadeUpMachine m;
  m.put("proc/1/comm", "systemd");
  m.put("proc/900/comm", "aptd");
  CHECK(m.item("updates").verdict == Verdict::Pass);
  m.put("run/reboot-required", "*** System restart required ***");
  CHECK(m.item("updates").verdict == Verdict::Caution);
  m.put("proc/901/comm", "apt-get");
  CHECK(m.item("updates").verdict == Verdict::Fail);
}

TEST_CASE("programs: what they print, and what is not there or never ends") {
  CHECK(run_program({"echo", "a b"}) == "a b\n");
  CHECK_FALSE(run_program({"kakehashi-no-such-program"}).has_value());
  CHECK_FALSE(run_program({"false"}).has_value());
}
