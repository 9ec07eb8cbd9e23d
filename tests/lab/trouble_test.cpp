// SPDX-License-Identifier: GPL-3.0-or-later
// Cameras that another program has, that may not be opened, that refuse their format, that get no
// signal: what the whole station makes of it and what the desk reads.
#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <linux/capability.h>

#include <filesystem>

#include "station/equip/result_file.h"
#include "tests/lab/devices.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr double kBack = 5;  // seconds until a picture is back after its trouble is over

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The input is dark and its reason is cause and action.
void says(Programme& p, const std::string& cause) {
  p.until(
      cause,
      [&](const Snapshot& s) {
        const InputStatus& i = input_of(s, "cam");
        return i.signal != SignalState::Live && has(i.reason.en, cause);
      },
      8);
  const InputStatus i = p.input("cam");
  MESSAGE(i.reason.ja);
  CHECK(has(i.reason.ja, "→"));
  CHECK(has(i.reason.en, "->"));
  CHECK_FALSE(has(i.reason.en, "/dev/"));
}

// The item of a quick equipment test of one camera alone.
EquipmentItem tested(const std::string& source) {
  const TempDir folder;
  write_text(folder / "event.json", filled(R"({
    "kakehashi_event": 1, "id": "trouble", "title": "trouble",
    "canvas": {"width": 1280, "height": 720, "fps": 30},
    "inputs": [{"id": "cam", "source": {"kind": "camera", @SOURCE@}}],
    "scenes": [{"id": "s", "layers": [{"input": "cam"}]}]})",
                                           {{"SOURCE", source}}));
  std::string out;
  run({station_program(), "--lang", "en", "equip-test", "--event", folder / "event.json", "--json",
       folder / "result.json", "--quick", "--only", "camera"},
      &out, {{"XDG_DATA_HOME", folder / "data"}});
  const EquipmentReading read = parse_result(read_text(folder / "result.json"));
  INFO(out);
  REQUIRE(read.result.items.size() == 1);
  const EquipmentItem item = read.result.items[0];
  MESSAGE(item.found.ja << " | " << item.cause.ja << item.action.ja);
  return item;
}

void fails(const EquipmentItem& item, const std::string& cause) {
  CHECK(item.verdict == Verdict::Fail);
  CHECK(item.cause.en == cause);
  CHECK_FALSE(item.action.ja.empty());
}

std::string port(const std::string& where) { return R"("port": ")" + where + "\""; }

// How often the process holds a camera's node open.
int cameras_held(pid_t pid) {
  int count = 0;
  std::error_code ec;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd", ec))
    if (std::filesystem::read_symlink(entry.path(), ec).string().starts_with("/dev/video")) ++count;
  return count;
}

}  // namespace

TEST_CASE("a camera that another program has") {
  show(kLeft, Shown::Red);
  const std::string node = node_at(kLeft);
  auto other = Process::start({"v4l2-ctl", "-d", node, "--stream-mmap"});
  REQUIRE(other);
  REQUIRE(wait_until(
      [&] {
        std::string out;
        return run({"v4l2-ctl", "-d", node, "--set-fmt-video=width=320,height=180"}, &out) != 0 ||
               has(out, "busy");
      },
      std::chrono::seconds(5)));
  fails(tested(port(kLeft)), "Another program uses this device.");
  const TempDir folder;
  Programme p(folder, {camera_input("cam", kLeft)});
  says(p, "is used by another program");
  p.run_for(30);
  const int held = cameras_held(p.station().process().pid());
  p.run_for(60);
  CHECK(cameras_held(p.station().process().pid()) <= held);
  other.reset();
  MESSAGE("back after " << p.until_live("cam", kBack) << " s");
  p.station().end();
}

TEST_CASE("a camera without the format that is set") {
  const std::string source = port(kLeft) + R"(, "format": "mjpg")";
  const EquipmentItem item = tested(source);
  fails(item, "This camera does not offer the format that is set.");
  REQUIRE(item.tables.size() == 2);
  CHECK(item.tables[0].rows.size() > 3);
  const TempDir folder;
  Programme p(folder, {camera_input("cam", kLeft, R"("format": "mjpg")")});
  says(p, "does not offer the format");
  p.station().end();
}

TEST_CASE("a camera that refuses fifty starts comes back each time, and in its best format") {
  show(kHdmi, Shown::Blue);
  take_scaler_out(kHdmi);
  send_hdmi("1920x1080p30");
  const TempDir folder;
  Programme p(folder, {camera_input("cam", kHdmi)});
  p.until_live("cam", 10);
  // From its first failure on it is tried before it is opened.
  const std::uint64_t restarts = p.input("cam").restarts;
  set_control(kHdmi, "inject_fatal_streaming_error", 1);
  p.until(
      "it is opened again",
      [&](const Snapshot& s) {
        const InputStatus& i = input_of(s, "cam");
        return i.restarts > restarts && i.signal == SignalState::Live;
      },
      kBack);
  p.run_for(1);
  const std::string best = p.input("cam").format;
  for (int i = 0; i < 17; ++i) {
    send_hdmi("");
    p.until(
        "the signal is missed",
        [](const Snapshot& s) { return input_of(s, "cam").signal != SignalState::Live; }, 8);
    // One start is refused by each of the three in turn.
    for (const char* what : {"inject_vidioc_streamon_error", "inject_vidioc_reqbufs_error",
                             "inject_vidioc_qbuf_error"})
      set_control(kHdmi, what, 1);
    send_hdmi("1920x1080p30");
    p.until_live("cam", kBack);
  }
  MESSAGE("after fifty refusals: " << p.input("cam").format);
  send_hdmi("");
  p.until_lost("cam", 8);
  send_hdmi("1920x1080p30");
  p.until_live("cam", kBack);
  CHECK(p.input("cam").format == best);
  p.station().end();
}

TEST_CASE("HDMI: no signal, one that does not settle, one too large") {
  show(kHdmi, Shown::Blue);
  take_scaler_out(kHdmi);
  send_hdmi("1920x1080p30");
  struct Signal {
    int mode;  // of vivid's menu "DV Timings Signal Mode"
    const char *desk, *test;
  };
  for (const Signal& s :
       {Signal{1, "gets no signal", "No signal comes in at its picture cable."},
        Signal{2, "gets no signal", "No signal comes in at its picture cable."},
        Signal{3, "too large a picture", "What is plugged in sends too large a picture."}}) {
    CAPTURE(s.mode);
    send_hdmi("1920x1080p30");
    const TempDir folder;
    Programme p(folder, {camera_input("cam", kHdmi)});
    p.until_live("cam", 10);
    set_control(kHdmi, "dv_timings_signal_mode", s.mode);
    says(p, s.desk);
    fails(tested(port(kHdmi)), s.test);
    send_hdmi("1920x1080p30");
    MESSAGE("back after " << p.until_live("cam", kBack) << " s");
    p.station().end();
  }
}

TEST_CASE("HDMI: what is plugged in changes its size while it is tested and on air") {
  show(kHdmi, Shown::Blue);
  take_scaler_out(kHdmi);
  send_hdmi("1920x1080p30");
  const TempDir folder;
  Programme p(folder, {camera_input("cam", kHdmi)});
  for (const std::string timing : {"1280x720p60", "1920x1080p30", "1024x768p60"}) {
    p.until_live("cam", 10);
    send_hdmi(timing);
    const double taken = p.until(
        timing,
        [&](const Snapshot& s) {
          const InputStatus& i = input_of(s, "cam");
          return i.signal == SignalState::Live && has(i.format, timing.substr(0, timing.find('p')));
        },
        kBack);
    MESSAGE(timing << " taken after " << taken << " s");
    p.run_for(1);
  }
  p.station().end();
}

// Last: what this process gives up here it does not get back.
TEST_CASE("a camera that this user may not open") {
  show(kLeft, Shown::Red);
  const std::string node = node_at(kLeft), source = R"("device": ")" + node + "\"";
  // Root passes every lock as long as it has this.
  REQUIRE(prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0);
  REQUIRE(chmod(node.c_str(), 0) == 0);
  fails(tested(source), "This user may not open the device.");
  const TempDir folder;
  Programme p(folder, {R"({"id": "cam", "source": {"kind": "camera", )" + source + "}}"});
  says(p, "may not be used by this user");
  REQUIRE(chmod(node.c_str(), 0660) == 0);
  MESSAGE("back after " << p.until_live("cam", kBack) << " s");
  p.station().end();
}
