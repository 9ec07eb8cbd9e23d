// SPDX-License-Identifier: GPL-3.0-or-later
// What ships must be sound, complete, and exactly as the program itself would write it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "core/layout_table.h"
#include "presets/venue_file.h"
#include "tests/presets/kinds.h"

using namespace kakehashi;
namespace fs = std::filesystem;

namespace {

EventReading load(const std::string& path) {
  return load_event(path, testing::source_kinds(), testing::output_kinds());
}

std::string content(const fs::path& p) {
  std::ostringstream out;
  out << std::ifstream(p).rdbuf();
  return out.str();
}

std::string text_setting(const SourceSpec& spec, const char* name) {
  const auto it = spec.settings.find(name);
  return it == spec.settings.end() ? "" : std::get<std::string>(it->second);
}

Show in_demo_venue(Show show) {
  show.inputs =
      bound_inputs(show, load_venue("presets/venues/demo.json", testing::source_kinds()).venue);
  return show;
}
Show demo_in_its_venue() { return in_demo_venue(load("presets/events/demo.json").show); }

}  // namespace

TEST_CASE("every shipped event is sound, without unknown keys, and written canonically") {
  int events = 0;
  for (const auto& entry : fs::directory_iterator("presets/events")) {
    const auto r = load(entry.path().string());
    INFO(entry.path().string());
    for (const auto& f : r.faults) MESSAGE(f.path << ": " << f.message);
    REQUIRE(r.ok());
    CHECK(r.notices.empty());
    CHECK(r.show.id == entry.path().stem());
    CHECK(content(entry.path()) == write_event(r.show));
    // Whatever happens there is a card to hide behind, and every text has its English.
    CHECK_FALSE(r.show.emergency_card.empty());
    for (const auto& s : r.show.scenes) CHECK_FALSE(s.name.en.empty());
    for (const auto& i : r.show.inputs) CHECK_FALSE(i.name.en.empty());
    ++events;
  }
  CHECK(events >= 2);
}

TEST_CASE(
    "the demo event runs without any device: every role has a source and every file is there") {
  const auto event = load("presets/events/demo.json");
  REQUIRE(event.ok());
  const fs::path folder = "presets/events";
  const auto venue = load_venue((folder / event.show.venue).string(), testing::source_kinds());
  for (const auto& f : venue.faults) MESSAGE(f.path << ": " << f.message);
  REQUIRE(venue.ok());
  for (const auto& input : bound_inputs(event.show, venue.venue)) {
    INFO(input.id);
    REQUIRE(input.source);
    if (const auto path = text_setting(*input.source, "file"); !path.empty())
      CHECK(fs::exists(folder / path));
  }
  for (const auto& binding : venue.venue.bindings) {
    INFO(binding.first);
    CHECK(find_by_id(event.show.inputs, binding.first) != nullptr);
  }
}

TEST_CASE("the demo's script shows a coded camera most of the time and ends within 20 s") {
  const Show show = arranged(demo_in_its_venue());
  REQUIRE_FALSE(show.script.empty());
  CHECK(show.script.back().at <= Duration::seconds(18));
  const auto readable = [&](const Layer& layer) {  // the whole test picture, with its code
    const Input* input = find_by_id(show.inputs, layer.input);
    return input->source->kind == "test" && layer.fit == FitMode::Fit;
  };
  std::string scene = show.first_scene;
  Duration since, coded;
  std::set<std::string> shown;
  const auto until = [&](Duration t) {
    shown.insert(scene);
    const auto& layers = find_by_id(show.scenes, scene)->layers;
    if (std::any_of(layers.begin(), layers.end(), readable)) coded = coded + (t - since);
    since = t;
  };
  for (const auto& take : show.script)
    if (!take.scene.empty()) {
      until(take.at);
      scene = take.scene;
    }
  until(Duration::seconds(20));
  CHECK(coded >= Duration::seconds(13));
  CHECK(shown.size() >= 5);
  CHECK(show.destinations[0].scope == AudienceScope::Practice);
  CHECK(show.destinations[0].key_name.empty());
}

TEST_CASE("no two keys of the demo show the same picture") {
  const Show show = arranged(demo_in_its_venue());
  for (const Scene& a : show.scenes)
    for (const Scene& b : show.scenes)
      if (&a != &b && a.card.empty() && b.card.empty()) CHECK(a.slots != b.slots);
}

TEST_CASE("with sign language every scene of the lesson has its interpreter") {
  Show show = load("presets/events/demo_sign.json").show;
  CHECK(show.sign_language);
  CHECK(without_interpreter(show).empty());
  show = in_demo_venue(std::move(show));
  CHECK(find_by_id(show.inputs, kInterpreter)->source);
  for (const Scene& scene : arranged(show).scenes)
    CHECK((!scene.card.empty() || std::any_of(scene.layers.begin(), scene.layers.end(),
                                              [](const Layer& l) { return l.slot == "sign"; })));
}

TEST_CASE("shipped cards say what they are, and none promises sound") {
  for (const auto& entry : fs::directory_iterator("presets/events")) {
    const Show show = load(entry.path().string()).show;
    std::set<CardKind> kinds;
    for (const auto& card : show.cards) {
      kinds.insert(card.kind);
      CHECK_FALSE(card.contact.empty());
      CHECK_FALSE(card.phone.empty());
    }
    CHECK(kinds.size() == 5);
    CHECK_FALSE(kinds.contains(CardKind::Other));
    CHECK(find_by_id(show.cards, show.emergency_card)->kind == CardKind::Trouble);
  }
}

TEST_CASE("shipped media stay small") {
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::directory_iterator("presets/media")) bytes += fs::file_size(entry);
  CHECK(bytes < 600'000);
}
