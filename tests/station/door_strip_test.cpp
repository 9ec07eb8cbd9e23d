// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core/strip_change.h"
#include "station/door/codec.h"

using namespace kakehashi;

namespace {

std::string line_of(const std::string& sound) {
  return R"({"command":"strip","strip":"mic","sound":)" + sound + "}";
}

}  // namespace

TEST_CASE("of a strip's settings what is left out stays as the strip has it") {
  const auto strip_of = [](const std::string& sound) {
    auto command = parse_command(line_of(sound));
    REQUIRE_MESSAGE(command.ok(), (command.ok() ? "" : command.error().message));
    return std::get<SetStrip>(*command);
  };
  StripSettings now = settings_of(ProcessingSet::Speech);
  now.trim_db = 6;
  now.pan = -0.5;
  now.rights = Rights::VenueOnly;
  const auto after = [&](const std::string& sound) {
    const SetStrip wish = strip_of(sound);
    return changed_strip(now, wish.sound, wish.said);
  };
  StripSettings wanted = now;
  wanted.delay_ms = 40;
  CHECK(after(R"({"delay_ms":40})") == wanted);
  // Another kind brings its own treatment; what is said besides wins over it.
  wanted = with_set(now, ProcessingSet::Music);
  CHECK(after(R"({"set":"music"})") == wanted);
  wanted.high_pass_hz = 100;
  CHECK(after(R"({"set":"music","high_pass_hz":100})") == wanted);
  CHECK(wanted.rights == Rights::VenueOnly);
  CHECK(after(R"({"set":"speech"})") == now);  // the same kind: nothing changes

  // Every field there is can be said alone, and all of them at once are the whole wish.
  StripSettings other;
  other.set = ProcessingSet::Ambience;
  other.trim_db = -3;
  other.invert = other.mono = other.follow_picture = true;
  other.automix = !now.automix;
  other.high_pass_hz = 200;
  other.noise_db = 21;
  other.gate = {-40, 3};
  other.eq[2].gain_db = 4;
  other.compressor.ratio = 7;
  other.delay_ms = 70;
  other.pan = 1;
  other.rights = Rights::Check;
  other.priority_db = 5;
  other.rider_db = 2;
  other.group = "panel";
  other.duck_db = 11;
  const auto whole = nlohmann::json::parse(write_command(SetStrip{"mic", other}))["sound"];
  CHECK(after(whole.dump()) == other);
  for (const auto& [name, value] : whole.items()) {
    CAPTURE(name);
    const StripSettings one = after(nlohmann::json{{name, value}}.dump());
    CHECK_FALSE(one == now);
    if (name == "set") continue;
    const auto written = nlohmann::json::parse(write_command(SetStrip{"mic", one}))["sound"];
    const auto before = nlohmann::json::parse(write_command(SetStrip{"mic", now}))["sound"];
    for (const auto& [field, was] : before.items()) {
      CAPTURE(field);
      CHECK(written[field] == (field == name ? value : was));
    }
  }
  for (const char* wrong : {R"({"dealy_ms":4})", "{}", "4", R"({"pan":"left"})"}) {
    CAPTURE(wrong);
    const auto refused = parse_command(line_of(wrong));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("sound") != std::string::npos);
  }
  CHECK(parse_command(line_of(R"({"dealy_ms":4})")).error().message.find("dealy_ms") !=
        std::string::npos);
}
