// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/machine_state.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kakehashi {
namespace {

namespace fs = std::filesystem;
constexpr auto kProgramLimit = std::chrono::seconds(3);
constexpr std::size_t kMostOutput = 64 * 1024;

std::string trimmed(std::string s) {
  while (!s.empty() && static_cast<unsigned char>(s.back()) <= ' ') s.pop_back();
  std::size_t at = 0;
  while (at < s.size() && static_cast<unsigned char>(s[at]) <= ' ') ++at;
  return s.substr(at);
}

// One line of /sys; empty when it is not there.
std::string line_of(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return trimmed(line.substr(0, 256));
}
std::optional<double> number_of(const fs::path& path) {
  const std::string text = line_of(path);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || end == text.c_str()) return {};
  return value;
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> all;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    all.push_back(at->path());
  std::sort(all.begin(), all.end());
  return all;
}

void read_power(const fs::path& root, MachineState& m) {
  for (const fs::path& supply : entries(root / "sys/class/power_supply")) {
    const std::string type = line_of(supply / "type");
    if (type == "Battery" && line_of(supply / "scope") != "Device") {  // not a mouse's
      m.battery = true;
      if (const auto percent = number_of(supply / "capacity")) m.battery_percent = *percent;
    } else if (type == "Mains" || type.starts_with("USB")) {
      const auto online = number_of(supply / "online");
      if (online) m.mains = m.mains.value_or(false) || *online > 0;
    }
  }
  m.profile = line_of(root / "sys/firmware/acpi/platform_profile");
}

void read_heat(const fs::path& root, MachineState& m) {
  for (const fs::path& zone : entries(root / "sys/class/thermal")) {
    if (!zone.filename().string().starts_with("thermal_zone")) continue;
    // Some firmware answers nonsense.
    if (const auto t = number_of(zone / "temp"); t && *t > 0 && *t < 150'000)
      m.hottest = std::max(m.hottest, *t / 1000);
  }
  for (const fs::path& cpu : entries(root / "sys/devices/system/cpu"))
    for (const char* name : {"core_throttle_count", "package_throttle_count"})
      if (const auto n = number_of(cpu / "thermal_throttle" / name))
        m.throttled = m.throttled.value_or(0) + static_cast<std::uint64_t>(*n);
}

// A value of an ini file of systemd; drop-ins win over the file itself.
std::string systemd_value(const fs::path& root, const std::string& file, const std::string& key) {
  std::vector<fs::path> files{root / "etc/systemd" / file};
  for (const fs::path& more : entries(root / "etc/systemd" / (file + ".d")))
    if (more.extension() == ".conf") files.push_back(more);
  std::string value;
  for (const fs::path& path : files) {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
      line = trimmed(line);
      if (line.starts_with(key + "=")) value = trimmed(line.substr(key.size() + 1));
    }
  }
  return value;
}

void read_sleep(const fs::path& root, const RunProgram& run, MachineState& m) {
  const std::string lid = systemd_value(root, "logind.conf", "HandleLidSwitchExternalPower");
  const std::string lid_any = systemd_value(root, "logind.conf", "HandleLidSwitch");
  const bool laptop = !entries(root / "proc/acpi/button/lid").empty();
  const std::string lid_action = !lid.empty() ? lid : lid_any;
  if (laptop) m.lid_sleeps = lid_action != "ignore" && lid_action != "lock";
  const auto gsetting = [&](const char* schema, const char* key) {
    const auto said = run({"gsettings", "get", schema, key});
    return said ? trimmed(*said) : std::string();
  };
  const std::string idle = systemd_value(root, "logind.conf", "IdleAction");
  const char* power = "org.gnome.settings-daemon.plugins.power";
  const std::string type = gsetting(power, "sleep-inactive-ac-type");
  const std::string after = gsetting(power, "sleep-inactive-ac-timeout");
  if (!type.empty()) m.sleeps_idle = type != "'nothing'" && after != "0";
  if (!idle.empty() && idle != "ignore") m.sleeps_idle = idle != "lock";
  const std::string lock = gsetting("org.gnome.desktop.screensaver", "lock-enabled");
  const std::string delay = gsetting("org.gnome.desktop.session", "idle-delay");
  if (!lock.empty()) m.locks_idle = lock == "true" && delay != "uint32 0";
  if (const auto list = run({"systemd-inhibit", "--list", "--no-legend", "--no-pager"})) {
    std::istringstream lines(*list);
    for (std::string line; std::getline(lines, line);)
      if ((line.find("sleep") != std::string::npos || line.find("idle") != std::string::npos) &&
          line.find(" block") != std::string::npos)
        m.inhibited = true;
  }
}

void read_clock(const fs::path& root, const RunProgram& run, MachineState& m) {
  std::error_code ignored;
  if (fs::exists(root / "run/systemd/timesync/synchronized", ignored)) m.clock_synchronised = true;
  // chronyc -c: comma separated; the 5th field is how far the system clock is off, in seconds, the
  // 3rd the stratum (0: not synchronised).
  if (const auto tracking = run({"chronyc", "-c", "tracking"})) {
    std::vector<std::string> fields;
    std::istringstream in(*tracking);
    for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
    if (fields.size() > 5) {
      m.clock_synchronised = std::atoi(fields[2].c_str()) > 0;
      m.clock_offset_s = std::strtod(fields[4].c_str(), nullptr);
    }
  }
}

void read_updates(const fs::path& root, MachineState& m) {
  std::error_code ignored;
  m.restart_pending = fs::exists(root / "run/reboot-required", ignored) ||
                      fs::exists(root / "var/run/reboot-required", ignored);
  for (const fs::path& process : entries(root / "proc")) {
    const std::string name = process.filename().string();
    if (name.empty() || name[0] < '0' || name[0] > '9') continue;
    const std::string comm = line_of(process / "comm");
    for (const char* updater : {"apt", "apt-get", "dpkg", "aptitude", "dnf", "rpm"})
      if (comm == updater) m.update_running = true;
  }
}

}  // namespace

std::optional<std::string> run_program(const std::vector<std::string>& arguments) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::vector<char*> words;
  for (const std::string& a : arguments) words.push_back(const_cast<char*>(a.c_str()));
  words.push_back(nullptr);
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string said;
  const auto deadline = std::chrono::steady_clock::now() + kProgramLimit;
  bool ended = false;
  while (failed == 0 && !ended && std::chrono::steady_clock::now() < deadline) {
    pollfd p{ends[0], POLLIN, 0};
    if (::poll(&p, 1, 50) <= 0) continue;
    char buffer[4096];
    const auto n = ::read(ends[0], buffer, sizeof buffer);
    ended = n <= 0 || said.size() > kMostOutput;
    if (n > 0) said.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  if (failed != 0) return {};
  if (!ended) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!ended || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return {};
  return said;
}

std::optional<bool> kernel_clock_synchronised() {
  timex t{};
  const int state = ::adjtimex(&t);
  if (state < 0) return {};
  return (t.status & STA_UNSYNC) == 0 && state != TIME_ERROR;
}

MachineState read_machine(const std::string& root, const RunProgram& run) {
  MachineState m;
  const fs::path top = root.empty() ? fs::path("/") : fs::path(root);
  read_power(top, m);
  read_heat(top, m);
  read_sleep(top, run, m);
  read_clock(top, run, m);
  read_updates(top, m);
  return m;
}

}  // namespace kakehashi
