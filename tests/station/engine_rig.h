// SPDX-License-Identifier: GPL-3.0-or-later
// A whole station in this process on the real clock, and a small event for it: 320 x 180, sources
// of the built-in test kind, nothing recorded with the stream.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "station/engine.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace kakehashi::testing {

inline SourceSpec test_pattern(const std::string& pattern) {
  return {"test", {{"pattern", pattern}, {"beep", false}}};
}
inline Input test_input(const std::string& id, std::optional<SourceSpec> source) {
  Input input;
  input.id = id;
  input.name = {id, id};
  input.source = std::move(source);
  return input;
}
inline Scene whole_scene(const std::string& id, const std::string& input) {
  Scene scene;
  scene.id = id;
  scene.name = {id, id};
  Layer layer;
  layer.input = input;
  layer.rect = {0, 0, 320, 180};
  scene.layers.push_back(layer);
  return scene;
}
// Without inputs and scenes.
inline Show small_show(const char* id, Text title) {
  Show show;
  show.id = id;
  show.title = std::move(title);
  show.canvas = {320, 180, Rate{30, 1}};
  show.encode.video_kbps = 500;
  show.record.with_stream = false;
  return show;
}

inline bool all_live(const Snapshot& s) {
  return std::all_of(s.inputs.begin(), s.inputs.end(),
                     [](const InputStatus& i) { return i.signal == SignalState::Live; });
}

// What the options' functions use must outlive the engine: who adds such members ends the engine
// in its own destructor.
struct EngineRig {
  EngineOptions with_door() const {
    EngineOptions options;
    options.socket_path = folder / "door";
    options.record.folder = folder.path();
    return options;
  }
  EngineOptions without_door() const {
    EngineOptions options = with_door();
    options.open_door = false;
    return options;
  }
  void open(const Show& show, EngineOptions options) {
    auto opened = Engine::open(show, std::move(options), clock);
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().message));
    engine = std::move(*opened);
  }

  void wish(const Command& command) {
    const Status ok = engine->command(command);
    REQUIRE_MESSAGE(ok.ok(), (ok.ok() ? "" : ok.error().message));
  }
  template <class Condition>
  bool comes(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    return wait_until([&] { return condition(engine->snapshot()); }, limit);
  }
  bool live(const std::string& id) {
    return comes(
        [&](const Snapshot& s) { return find_by_id(s.inputs, id)->signal == SignalState::Live; });
  }
  bool runs_on(std::uint64_t pictures) {
    const auto at = engine->snapshot().health.ticks;
    return comes([&](const Snapshot& s) { return s.health.ticks >= at + pictures; });
  }

  TempDir folder;
  MonotonicClock clock;
  std::unique_ptr<Engine> engine;
};

}  // namespace kakehashi::testing
