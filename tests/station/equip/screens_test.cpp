// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include "station/equip/display_verdict.h"

using namespace kakehashi;
namespace fs = std::filesystem;

namespace {

using Bytes = std::vector<std::uint8_t>;

void seal(Bytes& b) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < 127; ++i) sum += b[i];
  b[127] = static_cast<std::uint8_t>(256 - (sum & 255));
}

void put_text(Bytes& b, std::size_t at, std::uint8_t tag, const char* text) {
  b[at + 3] = tag;
  std::size_t i = 5;
  for (; *text && i < 18; ++text, ++i) b[at + i] = static_cast<std::uint8_t>(*text);
  if (i < 18) b[at + i++] = 0x0A;
  for (; i < 18; ++i) b[at + i] = 0x20;
}

// A projector with CEA-861's 1080p60: 148.5 MHz, 2200 x 1125 in all.
Bytes projector() {
  Bytes b(128, 0);
  const std::uint8_t head[] = {0, 255, 255, 255, 255, 255, 255, 0};
  std::memcpy(b.data(), head, 8);
  b[8] = 0x16;  // "EPS": 00101 10000 10011
  b[9] = 0x13;
  b[10] = 0x34;
  b[11] = 0x12;
  b[12] = 0x78;
  b[17] = 31;
  b[18] = 1;
  b[19] = 4;
  const std::uint8_t timing[] = {0x02, 0x3A, 0x80, 0x18, 0x71, 0x38, 0x2D, 0x40, 0x58,
                                 0x2C, 0x45, 0x00, 0,    0,    0,    0,    0,    0x1E};
  std::memcpy(&b[54], timing, 18);
  put_text(b, 72, 0xFC, "EPSON PJ");
  put_text(b, 90, 0xFF, "X5Y7001234567");
  seal(b);
  return b;
}

ShownDisplay shown(int width, int height) {
  ShownDisplay d;
  d.connector = "HDMI-1";
  d.edid = parse_edid(projector());
  d.now = DisplayMode{width, height, 60, false};
  d.on = true;
  return d;
}

}  // namespace

TEST_CASE("an EDID is read by its standard") {
  const auto e = parse_edid(projector());
  REQUIRE(e);
  CHECK(e->manufacturer == "EPS");
  CHECK(e->product == 0x1234);
  CHECK(e->serial == 0x78);
  CHECK(e->name == "EPSON PJ");
  CHECK(e->serial_text == "X5Y7001234567");
  CHECK(e->year == 2021);
  CHECK(e->width_cm == 0);
  REQUIRE(e->preferred);
  CHECK(e->preferred->width == 1920);
  CHECK(e->preferred->height == 1080);
  CHECK(e->preferred->hz == doctest::Approx(60.0));
  CHECK(e->identity() == "EPS-1234-X5Y7001234567");
}

TEST_CASE("what is damaged is refused; hostile bytes harm nothing") {
  Bytes b = projector();
  CHECK_FALSE(parse_edid(std::span(b).first(127)));
  CHECK_FALSE(parse_edid({}));
  b[60] ^= 1;
  CHECK_FALSE(parse_edid(b));
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    Bytes wild = projector();
    for (std::size_t i = 8; i < 127; ++i) wild[i] = static_cast<std::uint8_t>(random());
    seal(wild);
    const auto e = parse_edid(wild);
    REQUIRE(e);
    for (const char c : e->name + e->serial_text + e->identity()) REQUIRE((c >= 0x20 && c < 0x7F));
    if (e->preferred) REQUIRE(std::isfinite(e->preferred->hz));
  }
}

TEST_CASE("the kernel's files") {
  const fs::path root = fs::temp_directory_path() / ("kakehashi_drm_" + std::to_string(::getpid()));
  const auto put = [&](const char* path, const std::string& text) {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path, std::ios::binary) << text;
  };
  const Bytes b = projector();
  put("sys/class/drm/card0/dev", "226:0");
  put("sys/class/drm/card0-HDMI-A-1/status", "connected\n");
  put("sys/class/drm/card0-HDMI-A-1/enabled", "enabled\n");
  put("sys/class/drm/card0-HDMI-A-1/edid", std::string(b.begin(), b.end()));
  put("sys/class/drm/card0-DP-1/status", "disconnected\n");
  put("sys/class/drm/card0-VGA-1/status", "connected\n");
  const auto found = kernel_displays(root.string());
  fs::remove_all(root);
  REQUIRE(found.size() == 2);
  CHECK(found[0].connector == "HDMI-A-1");
  REQUIRE(found[0].edid);
  CHECK(found[0].edid->name == "EPSON PJ");
  CHECK(found[0].on);
  CHECK_FALSE(found[1].edid);
  CHECK(kernel_displays("/dev/null").empty());
}

TEST_CASE("displays in words") {
  DisplayList list{{shown(1920, 1080), shown(1920, 1080)}, true};
  auto items = judge_displays(list, true);
  REQUIRE(items.size() == 3);
  for (const auto& i : items) CHECK(i.verdict == Verdict::Pass);
  CHECK(items[1].id != items[2].id);  // two of a kind
  CHECK(items[1].found.ja == "1920×1080　毎秒60回");

  list.displays.pop_back();
  items = judge_displays(list, true);
  CHECK(items[0].verdict == Verdict::Caution);
  CHECK(items[0].cause.ja.find("会場のスクリーン") != std::string::npos);
  CHECK(judge_displays(list, false)[0].verdict == Verdict::Pass);

  list.displays[0] = shown(1280, 720);
  CHECK(judge_displays(list, true)[1].verdict == Verdict::Caution);
  CHECK(judge_displays(list, true)[1].action.ja.find("1920×1080") != std::string::npos);
  list.displays[0].on = false;
  list.displays[0].now.reset();
  CHECK(judge_displays(list, true)[1].cause.ja.find("出していません") != std::string::npos);

  CHECK(judge_displays({}, true)[0].verdict == Verdict::Skipped);
}
