// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include <unistd.h>

#include "capture/device_choice.h"
#include "capture/device_identity.h"
#include "capture/devices.h"

using namespace kakehashi;
namespace fs = std::filesystem;

namespace {

// A /sys of our own: real folders, links "subsystem" and small files.
struct FakeSys {
  FakeSys() {
    std::string name = (fs::temp_directory_path() / "kakehashi-sys-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    root = name;
  }
  ~FakeSys() { fs::remove_all(root); }
  std::string device(const std::string& path, const std::string& subsystem) {
    fs::create_directories(root / path);
    fs::create_directories(root / "bus" / subsystem);
    fs::create_symlink(root / "bus" / subsystem, root / path / "subsystem");
    return root / path;
  }
  void file(const std::string& path, const std::string& text) {
    std::ofstream(root / path) << text << "\n";
  }
  // As a webcam on port 3 of a hub on port 2: devices/pci…/usb1/1-2/1-2.3/1-2.3:1.0
  std::string webcam(const std::string& port, const std::string& serial) {
    const std::string host = "devices/pci0000:00/0000:00:1c.0/0000:03:00.0";
    if (!fs::exists(root / host)) {
      device("devices/pci0000:00/0000:00:1c.0", "pci");
      device(host, "pci");
      device(host + "/usb1", "usb");
      device(host + "/usb1/1-2", "usb");
      file(host + "/usb1/1-2/serial", "HUB-4711");
      file(host + "/usb1/1-2/idVendor", "05e3");
      file(host + "/usb1/1-2/idProduct", "0610");
    }
    const std::string usb = host + "/usb1/1-2/1-2." + port;
    device(usb, "usb");
    file(usb + "/idVendor", "046d");
    file(usb + "/idProduct", "0892");
    file(usb + "/speed", "480");
    if (!serial.empty()) file(usb + "/serial", serial);
    return device(usb + "/1-2." + port + ":1.0", "usb");
  }
  fs::path root;
};

Offered offered(const std::string& serial, const std::string& port, const std::string& model) {
  return {{serial, port, model}, model, {}};
}

Device listed(const std::string& kind, DeviceIdentity identity) {
  Device d;
  d.kind = kind;
  d.name = identity.model;
  d.identity = std::move(identity);
  return d;
}

}  // namespace

TEST_CASE("a webcam's serial and port are told as udev tells them") {
  FakeSys sys;
  const Place with = place_of(sys.webcam("3", "A1B2 C3"));
  CHECK(with.serial == "046d:0892:A1B2_C3");
  CHECK(with.port == "pci-0000:03:00.0-usb-0:2.3:1.0");
  CHECK(with.usb);
  CHECK(with.usb_mbit == 480);
  CHECK(port_words(with.port) == "USB 2.3");
  // The hub above it has a serial: that is not the camera's.
  const Place without = place_of(sys.webcam("4", ""));
  CHECK(without.serial.empty());
  CHECK(without.port == "pci-0000:03:00.0-usb-0:2.4:1.0");
  int port = 10;
  for (const char* nothing : {"0", "00000000", "SN0001", "200901010001", "  ", "\xff\xfe"})
    CHECK_MESSAGE(place_of(sys.webcam(std::to_string(++port), nothing)).serial.empty(), nothing);
  const Place card = place_of(sys.device("devices/pci0000:00/0000:00:1f.3", "pci"));
  CHECK(card.port == "pci-0000:00:1f.3");
  CHECK_FALSE(card.usb);
  CHECK(place_of(sys.device("devices/platform/snd_aloop.0", "platform")).port ==
        "platform-snd_aloop.0");
  CHECK(place_of("/nonexistent/device").port.empty());
}

TEST_CASE("names from devices become plain words") {
  CHECK(clean_name("  HD Webcam\t\n") == "HD Webcam");
  CHECK(clean_name("カメラ\x01") == "カメラ");
  CHECK(clean_name(std::string("ab\xe3\x82", 4)) == "ab");  // cut by the kernel's 31 bytes
  CHECK(clean_name("\xed\xa0\x80x\xc0\xaf\xf5\x80") == "x");
  CHECK(port_words("pci-0000:00:14.0-usb-0:3:1.0") == "USB 3");
  CHECK(port_words("pci-0000:03:00.0") == "PCI 03:00.0");
  CHECK(port_words("platform:vivid-001") == "vivid-001");
  CHECK(port_words("").empty());
}

TEST_CASE("two of the same model have names and ids of their own") {
  const std::string three = "pci-0000:00:14.0-usb-0:3:1.0", four = "pci-0000:00:14.0-usb-0:4:1.0",
                    other = "pci-0000:05:00.0-usb-0:3:1.0";
  std::vector<Device> all{
      listed("camera", {"", three, "HD Webcam"}),    listed("camera", {"", four, "HD Webcam"}),
      listed("camera", {"", other, "HD Webcam"}),    listed("camera", {"1:2:S", four, "Brio"}),
      listed("microphone", {"1:2:S", four, "Brio"}), listed("microphone", {"", "", "default"})};
  tell_apart(all);
  CHECK(all[0].name == "HD Webcam (USB 3)");
  CHECK(all[1].name == "HD Webcam (USB 4)");
  CHECK(all[2].name == "HD Webcam (USB 3) #2");
  CHECK(all[3].name == "Brio (USB 4)");
  CHECK(all[5].name == "default");
  CHECK(all[0].id == three);
  CHECK(all[5].id == "default");
  std::set<std::string> ids, names;
  for (const auto& d : all) {
    CHECK(ids.insert(d.id).second);
    CHECK(names.insert(d.kind + d.name).second);
  }
}

TEST_CASE("a binding asks for what it was made of") {
  const DeviceIdentity i{"046d:0892:A", "usb-0:3", "C920"};
  CHECK(identity_of({"camera", binding_settings(i)}) == i);
  CHECK(identity_of({"camera", {{"device", std::string("UVC")}}}) == DeviceIdentity{"", "", "UVC"});
  CHECK(identity_of({"network", {{"port", std::string("9000")}}}).empty());
  CHECK(identity_of({"clip", {{"file", std::string("a.mp4")}}}).empty());
}

TEST_CASE("a role finds its own camera in any order of plugging, and no other one") {
  const Offered a = offered("", "usb-0:3:1.0", "HD Webcam"),
                b = offered("", "usb-0:4:1.0", "HD Webcam"),
                c = offered("S", "usb-0:5:1.0", "Brio");
  const auto find = [](const Settings& s, const std::vector<Offered>& there,
                       const std::vector<DeviceIdentity>& others = {}) {
    return choose_device("camera", s, there, others);
  };
  const Settings wants_a = binding_settings(a.identity), wants_c = binding_settings(c.identity);
  CHECK(*find(wants_a, {a, b, c}) == 0);
  CHECK(*find(wants_a, {c, b, a}) == 2);
  CHECK(*find(wants_c, {b, offered("S", "usb-0:9:1.0", "Brio")}) ==
        1);  // moved, but it has a serial

  auto gone = find(wants_a, {b, c});
  REQUIRE_FALSE(gone);
  CHECK(gone.error().kind == ErrorKind::NotFound);
  CHECK(gone.error().message ==
        "camera \"HD Webcam (USB 3)\" is not there; one of the same model is at another port "
        "(USB 4): connect it back or bind it again");
  gone = find(wants_a, {b, c}, {b.identity});  // the other one has a role already
  REQUIRE_FALSE(gone);
  CHECK(gone.error().message.find("does not exist") != std::string::npos);
  gone = find(wants_a, {});
  REQUIRE_FALSE(gone);
  CHECK(gone.error().message.find("check its cable") != std::string::npos);

  const Settings by_model{{"model", std::string("HD Webcam")}};
  CHECK_FALSE(find(by_model, {a, b}));
  CHECK(*find(by_model, {a, b}, {a.identity}) == 1);
}

TEST_CASE("older venue files name a device by word") {
  Offered mic = offered("", "usb-0:1:1.0", "USB Audio: USB Audio");
  mic.words = {"hw:1,0", "Device", "USB Audio: USB Audio (hw:1,0)"};
  const Offered other = offered("", "usb-0:2:1.0", "HDA Intel: ALC"),
                pulse{{"", "", "pulse"}, "pulse", {}};
  const auto find = [&](const char* word) {
    return choose_device("sound input", {{"device", std::string(word)}}, {mic, other, pulse}, {});
  };
  CHECK(*find("USB Audio") == 0);
  CHECK(*find("hw:1,0") == 0);
  CHECK(*find("usb-0:2:1.0") == 1);
  CHECK(*find("pulse") == 2);
  CHECK_FALSE(find("Yamaha"));
  CHECK(find("").error().kind == ErrorKind::FixInput);
  // Two answer: neither is taken.
  const auto two = choose_device("camera", {{"device", std::string("Cam")}},
                                 {offered("", "a", "Cam"), offered("", "b", "Cam")}, {});
  REQUIRE_FALSE(two);
  CHECK(two.error().message.find("may be any of") != std::string::npos);
}
