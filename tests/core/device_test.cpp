// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {
const DeviceIdentity kLeft{"", "usb-0:1", "Webcam"}, kRight{"", "usb-0:2", "Webcam"};
const DeviceIdentity kNamed{"1:2:A", "usb-0:3", "Camcorder"};
}  // namespace

TEST_CASE("of two identical cameras each role keeps its own, in whatever order they are listed") {
  for (const auto& list :
       {std::vector{kLeft, kRight, kNamed}, std::vector{kNamed, kRight, kLeft}}) {
    for (const auto& wanted : {kLeft, kRight, kNamed}) {
      const auto choice = find_device(wanted, list);
      REQUIRE(choice.match == DeviceMatch::Found);
      CHECK(list[choice.index] == wanted);
    }
  }
  const auto gone = find_device(kLeft, {kRight});
  CHECK(gone.match == DeviceMatch::Elsewhere);  // told, never taken
}

TEST_CASE("a serial is found at any port; the port decides only without one") {
  DeviceIdentity moved = kNamed;
  moved.port = "usb-0:9";
  CHECK(find_device(kNamed, {kLeft, moved}).match == DeviceMatch::Found);
  DeviceIdentity other = kNamed;
  other.serial = "1:2:B";
  CHECK(find_device(kNamed, {other}).match == DeviceMatch::Elsewhere);
  CHECK(find_device({"", "usb-0:1", "Other"}, {kLeft}).match == DeviceMatch::Missing);
}

TEST_CASE("cheap devices that share one serial never take each other's part") {
  const DeviceIdentity a{"9:9:0001", "usb-0:1", "Stick"}, b{"9:9:0001", "usb-0:2", "Stick"};
  CHECK(find_device(a, {b, a}).index == 1);
  CHECK(find_device(a, {b}, {b}).match == DeviceMatch::Missing);
  const DeviceIdentity third{"9:9:0001", "usb-0:5", "Stick"};
  CHECK(find_device(third, {a, b}).match == DeviceMatch::Ambiguous);
}

TEST_CASE("a model alone is enough only where it stands for one device") {
  CHECK(find_device({"", "", "Camcorder"}, {kLeft, kNamed}).index == 1);
  CHECK(find_device({"", "", "Webcam"}, {kLeft, kRight}).match == DeviceMatch::Ambiguous);
  const auto rest = find_device({"", "", "Webcam"}, {kLeft, kRight}, {kLeft});
  CHECK(rest.match == DeviceMatch::Found);
  CHECK(rest.index == 1);
  CHECK(find_device({}, {kLeft}).match == DeviceMatch::Missing);
}
