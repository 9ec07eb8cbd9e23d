// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/station.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/clock.h"

namespace kakehashi::testing {

std::string station_program() { return STATION_PROGRAM; }
std::string shipped(const std::string& path) { return std::string(SOURCE_FOLDER) + "/" + path; }

std::string filled(std::string text,
                   const std::vector<std::pair<std::string, std::string>>& words) {
  for (const auto& [name, value] : words) {
    const std::string mark = "@" + name + "@";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
      text.replace(at, mark.size(), value);
  }
  return text;
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::int64_t now_us() { return MonotonicClock().now().ns / 1000; }

Station::Station(const TempDir& folder, const std::string& event_json,
                 const std::vector<std::string>& arguments, const Environment& extra)
    : socket_(folder / "door"), log_(folder / "station.log") {
  write_text(folder / "event.json", event_json);
  std::vector<std::string> command{station_program(),     "--lang",   "en",    "run",
                                   folder / "event.json", "--socket", socket_, "--record-folder",
                                   folder / "recordings"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  process_ = Process::start(command, extra, log_);
  REQUIRE(process_);
  wait_until(
      [this] {
        auto desk = DoorClient::connect(socket_);
        if (desk) desk_ = std::move(*desk);
        return desk_ || !process_->running();
      },
      std::chrono::seconds(20));
  INFO(log());
  REQUIRE(desk_);
}

Station::~Station() {
  if (std::uncaught_exceptions() > 0) MESSAGE(log());
}

Snapshot Station::look() {
  auto s = desk_->snapshot(std::chrono::seconds(5));
  INFO((s ? std::string() : s.error().message + "\n" + log()));
  REQUIRE(s.ok());
  return std::move(*s);
}

void Station::wish(const Command& command) {
  const Status done = desk_->send(command, std::chrono::seconds(5));
  INFO((done ? std::string() : done.error().message));
  REQUIRE(done.ok());
}

void Station::end() {
  desk_.reset();
  process_->signal(SIGINT);
  const auto code = process_->wait(std::chrono::seconds(10));
  INFO(log());
  REQUIRE(code.has_value());
  REQUIRE(*code == 0);
}

const InputStatus& input_of(const Snapshot& s, const std::string& id) {
  const auto it = std::find_if(s.inputs.begin(), s.inputs.end(),
                               [&](const InputStatus& i) { return i.id == id; });
  REQUIRE(it != s.inputs.end());
  return *it;
}

std::uint64_t lost_pictures(const Snapshot& s) {
  return s.health.late_ticks + s.health.skipped_pictures;
}

}  // namespace kakehashi::testing
