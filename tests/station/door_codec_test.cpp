// SPDX-License-Identifier: GPL-3.0-or-later
// The door's words: what is written can be read, what is wrong is named, nothing crashes.
#include <cmath>
#include <limits>
#include <random>

#include <doctest/doctest.h>

#include "station/door/codec.h"
#include "station/door/codec_fields.h"
#include "station/door/codec_wire.h"
#include "tests/station/door_fixture.h"

using namespace kakehashi;

namespace {

std::vector<Command> every_command() {
  std::vector<Command> all = {SelectPreview{"scene \"2\""},
                              SetTransition{TransitionKind::WipeUp, 1.5},
                              Take{},
                              SetTBar{0.25},
                              TurnBack{},
                              SetBusScene{Bus::Aux, "wide"},
                              SetLayout{"wide", "two_up"},
                              SetGenlock{true},
                              SetOverlay{"title", true},
                              SetTimer{"watch", true, true},
                              ShowPage{"slides", 3},
                              ShowCaption{"captions", 2},
                              AddCaption{"captions", "こんにちは"},
                              EmergencyOn{},
                              EmergencyOff{{"mic_1", "mic_2"}},
                              SetGain{"mic", {-12.5}},
                              SetMute{"mic", true},
                              RecallSound{"A_MC"},
                              SetStrip{"mic", settings_of(ProcessingSet::Line)},
                              Listen{"mic", true},
                              SetSend{"mic", "venue", false},
                              SetSoundBus{"venue", {-3}, true},
                              BindSoundOutput{"venue", "hw:1,0", 3},
                              GoLive{},
                              StopLive{},
                              StartRecord{},
                              StopRecord{},
                              SetDestination{"main", false},
                              Mark{MarkerKind::OffRecord, false, "休憩"},
                              ShowScreen{false, 2, Bus::Aux},
                              LoadEvent{"/x/a.json"},
                              BindRole{"cam_main", "usb-3", 3, 2},
                              UndoBinding{},
                              WatchDevices{true},
                              TestEquipment{true, true, 30, {"camera.cam_main"}, true},
                              Quit{}};
  return all;
}

std::string fault_of(std::string_view json) {
  auto command = parse_command(json);
  REQUIRE_FALSE(command.ok());
  CHECK(command.error().kind == ErrorKind::FixInput);
  return command.error().message;
}

// Counts an aggregate's members: how many initialisers it takes. Rows of the codec's table for a
// pair of numbers count twice, as in a brace initialiser.
struct Anything {
  template <class T>
  operator T() const;  // NOLINT(google-explicit-constructor): never defined, only counted
};
template <class T, class... Init>
constexpr std::size_t members() {
  if constexpr (requires { T{Init{}..., Anything{}}; })
    return members<T, Init..., Anything>();
  else
    return sizeof...(Init);
}
template <class T>
constexpr std::size_t rows() {
  std::size_t n = 0;
  door::each_field<T>([&](const auto& f) {
    using Member = std::remove_cvref_t<decltype(std::declval<T&>().*f.member)>;
    n += std::is_array_v<Member> ? std::extent_v<Member> : 1;
    return true;
  });
  return n;
}
template <class... T>
void expect_all_fields() {
  static_assert(((members<T>() == rows<T>()) && ...), "a field has no row in codec_fields.h");
}

bool says(const std::string& sentence, std::string_view part) {
  INFO(sentence);
  const bool there = sentence.find(part) != std::string::npos;
  CHECK_MESSAGE(there, "expected in the sentence: " << part);
  return there;
}

}  // namespace

TEST_CASE("every command comes back as it was written") {
  const auto all = every_command();
  REQUIRE(all.size() == std::variant_size_v<Command>);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].index() == i);  // none is missing from the list above
    const std::string line = write_command(all[i]);
    INFO(line);
    CHECK(line.find('\n') == std::string::npos);
    auto back = parse_command(line);
    REQUIRE_MESSAGE(back.ok(), back.error().message);
    CHECK(back->index() == i);
    CHECK(write_command(*back) == line);
  }
}

TEST_CASE("a command's fields arrive in their places") {
  auto gain = parse_command(R"({"id":7,"command":"gain","strip":"mic","gain":-60})");
  REQUIRE(gain.ok());
  CHECK(std::get<SetGain>(*gain).strip == "mic");
  CHECK(std::get<SetGain>(*gain).gain == Decibel{-60});
  auto back = parse_command(R"({"command":"return"})");
  REQUIRE(back.ok());
  CHECK(std::get<EmergencyOff>(*back).open.empty());
  auto screen = parse_command(R"({"command":"screen","on":true})");
  REQUIRE(screen.ok());
  CHECK(std::get<ShowScreen>(*screen).display == -1);
  CHECK(write_command(SetMute{"x", true}) == R"({"command":"mute","strip":"x","muted":true})");
}

TEST_CASE("a wrong command is told which field and what was expected") {
  says(fault_of(R"({"command":"tke"})"), R"(found "tke")");
  for (const auto& command : every_command()) {
    const std::string name = write_command(command).substr(11, 6);
    says(fault_of(R"({"command":"tke"})"), name.substr(0, name.find('"', 1)));
  }
  says(fault_of(R"({"command":"mute","strip":"x"})"), "muted: is missing");
  says(fault_of(R"({"command":"mute","strip":"x","muted":1})"), "muted: expected true or false");
  says(fault_of(R"({"command":"mute","strip":4,"muted":true})"), "strip: expected a text, found 4");
  says(fault_of(R"({"command":"gain","strip":"x","gain":13})"), "gain: expected a number from -60");
  says(fault_of(R"({"command":"gain","strip":"x","gain":null})"), "gain: expected a number");
  says(fault_of(R"({"command":"return","open":["a",1]})"), "open[1]: expected a text");
  says(fault_of(R"({"command":"transition","kind":"wipe"})"),
       R"(kind: expected one of "cut", "mix", "dip", )");
  says(fault_of(R"({"command":"take","scene":"x"})"), R"("scene": no such field)");
  says(fault_of(R"({"command":"screen","on":true,"display":99999999999})"),
       "display: expected a whole number");
  says(fault_of(R"({"command":"screen","on":true,"display":1.5})"), "display: expected a whole");
  says(fault_of(R"({"command":5})"), "command: expected one of");
  says(fault_of(R"({"wish":"take"})"), R"(expected an object with "command")");
  says(fault_of("[]"), "found array");
  says(fault_of("{"), "not JSON: wrong at byte 2 of 1");
  says(fault_of(""), "not JSON");
  says(fault_of("{\"command\":\"\xff\"}"), "not JSON");
  says(fault_of(R"({"command":"gain","strip":"x","gain":1e999})"), "cannot be read");
  says(fault_of(std::string(200'000, '[')), "not JSON");
  CHECK(fault_of(R"({"command":")" + std::string(5000, 'x') + "\"}").size() < 500);
}

TEST_CASE("a full snapshot comes back with every field") {
  const Snapshot before = testing::full_snapshot(10);
  const std::string line = write_snapshot(before);
  CHECK(line.find('\n') == std::string::npos);
  auto after = parse_snapshot(line);
  REQUIRE_MESSAGE(after.ok(), after.error().message);
  CHECK(write_snapshot(*after) == line);
  CHECK(after->title == before.title);
  CHECK(after->canvas == before.canvas);
  CHECK(after->canvas.rate.numerator == 30000);
  CHECK(after->sequence == before.sequence);
  REQUIRE(after->inputs.size() == 10);
  CHECK(after->inputs[4].signal == SignalState::Lost);
  CHECK(after->inputs[9].drift_ppm == -3.75);
  CHECK(after->strips[0].peak_db[1] == -13.5);
  CHECK(after->outputs[0].state == OutputState::Reconnecting);
  CHECK(after->outputs[0].send_p95_ms == 5.5);
  CHECK(after->record.path == before.record.path);
  CHECK(after->health.encoder_held_frames == 0);
  CHECK(after->messages[0].severity == Severity::Fault);
  CHECK(after->transition_progress == 0.1);
  CHECK(after->takes == 42);
}

TEST_CASE("no field of a command or a snapshot is missing from the codec's table") {
  // SetStrip::said is what the reader saw, not a field of the line.
  expect_all_fields<SelectPreview, SetTransition, Take, SetOverlay, EmergencyOn, EmergencyOff,
                    SetGain, SetMute, RecallSound, Listen, SetSend, SetSoundBus, BindSoundOutput,
                    EqBand, GateSettings, CompressorSettings, LoudnessTarget, SoundBusStatus,
                    SoundSnapshotStatus, SoundOutputStatus, GoLive, StopLive, StartRecord,
                    StopRecord, ShowScreen, LoadEvent, BindRole, UndoBinding, WatchDevices,
                    TestEquipment, Quit, Text, Rate, Canvas, DeviceIdentity, DeviceChannel,
                    DeviceStatus, EquipmentFigure, EquipmentRow, EquipmentTable, EquipmentItem,
                    EquipmentDifference, EquipmentResult, EquipmentProgress, InputFinding,
                    InputStatus, SceneStatus, OverlayStatus, StripStatus, OutputStatus,
                    RecordStatus, ProgramSound, Health, Message, Snapshot>();
}

TEST_CASE("an empty snapshot comes back too") {
  auto after = parse_snapshot(write_snapshot({}));
  REQUIRE(after.ok());
  CHECK(write_snapshot(*after) == write_snapshot({}));
}

TEST_CASE("a snapshot of another version: unknown fields are ignored, missing ones keep defaults") {
  auto s = parse_snapshot(R"({"sequence":4,"hologram":{"a":[1]},"inputs":[{"id":"x","smell":1}]})");
  REQUIRE(s.ok());
  CHECK(s->sequence == 4);
  CHECK(s->inputs[0].id == "x");
  CHECK(s->transition_progress == -1);
}

TEST_CASE("a wrong snapshot is told the path of the field") {
  const auto fault = [](const char* json) {
    auto s = parse_snapshot(json);
    REQUIRE_FALSE(s.ok());
    return s.error().message;
  };
  says(fault(R"({"inputs":[{},{"signal":"dead"}]})"),
       R"(snapshot: inputs[1].signal: expected one of "unbound", "opening", "live", "holding", )"
       R"("lost", found "dead")");
  says(fault(R"({"strips":[{"peak_db":[1]}]})"), "strips[0].peak_db: expected two numbers");
  says(fault(R"({"sequence":-1})"), "sequence: expected a whole number from 0");
  says(fault(R"({"canvas":{"rate":{"numerator":3000000000}}})"), "canvas.rate.numerator: expected");
  says(fault(R"({"title":"x"})"), "title: expected an object");
  says(fault("3"), "snapshot: expected an object, found 3");
}

TEST_CASE(
    "figures that are no numbers and names that are no UTF-8 still make a readable snapshot") {
  Snapshot s;
  s.sound.momentary_lufs = -std::numeric_limits<double>::infinity();
  s.health.cpu_cores = std::nan("");
  s.inputs.resize(1);
  // Latin-1, a lone continuation byte, an overlong slash, a surrogate, a cut sequence; controls.
  s.inputs[0].id = "caf\xe9 \x80 \xc0\xaf \xed\xa0\x80 ok \x01 \x7f 架\xe6\x9e";
  auto back = parse_snapshot(write_snapshot(s));
  REQUIRE_MESSAGE(back.ok(), back.error().message);
  CHECK(back->sound.momentary_lufs == -120);
  CHECK(back->health.cpu_cores == 0);
  CHECK(back->inputs[0].id.starts_with("caf\uFFFD \uFFFD \uFFFD\uFFFD "));
  CHECK(back->inputs[0].id.find(" ok \x01 \x7f 架\uFFFD") != std::string::npos);
}

TEST_CASE("requests and answers go through their lines") {
  using namespace door;
  const auto sub = parse_asked(R"({"id":"a\"b","request":"subscribe","hz":20})");
  CHECK(sub.id == R"("a\"b")");
  REQUIRE(sub.wish.ok());
  CHECK(std::get<Subscribe>(*sub.wish).hz == 20);
  CHECK(std::holds_alternative<AskSnapshot>(*parse_asked(write_request("snapshot")).wish));
  CHECK(std::holds_alternative<AskPictures>(*parse_asked(write_request("pictures")).wish));
  CHECK(std::get<Subscribe>(*parse_asked(write_subscribe(12.5)).wish).hz == 12.5);
  CHECK_FALSE(std::get<Subscribe>(*parse_asked(write_subscribe(12.5)).wish).bus);
  CHECK(std::get<Subscribe>(*parse_asked(write_subscribe(1, Bus::Aux)).wish).bus == Bus::Aux);
  says(parse_asked(R"({"request":"subscribe","hz":1,"bus":"hall"})").wish.error().message,
       R"("venue")");
  says(parse_asked(R"({"request":"subscribe","hz":61})").wish.error().message, "hz: expected");
  says(parse_asked(R"({"request":"subscribe"})").wish.error().message, "hz: expected");
  says(parse_asked(R"({"request":"dance"})").wish.error().message, R"("subscribe")");
  CHECK_FALSE(parse_asked(R"({"request":"dance"})").garbage);
  CHECK(parse_asked("GET / HTTP/1.1").garbage);
  CHECK(parse_asked("{}").garbage);
  says(parse_asked(R"({"id":[1],"command":"take"})").wish.error().message, "id: expected");

  CHECK(write_ok("1") == R"({"id":1,"ok":true})");
  CHECK(write_ok("") == R"({"ok":true})");
  for (int k = 0; k <= static_cast<int>(ErrorKind::Bug); ++k) {
    auto answer = parse_answer(write_refusal("3", {static_cast<ErrorKind>(k), "because \"so\""}));
    REQUIRE(answer.ok());
    REQUIRE_FALSE(answer->status.ok());
    CHECK(answer->status.error().kind == static_cast<ErrorKind>(k));
    CHECK(answer->status.error().message == "because \"so\"");
    const Text& words = answer->status.error().words;  // by kind, in both languages
    CHECK_FALSE(words.ja.empty());
    CHECK_FALSE(words.en.empty());
    CHECK(words.en != words.ja);
    CHECK(words.en.find("because") == std::string::npos);
  }
  const Text better{"録画中です。→ 止めてください。", "Recording. -> Stop it."};
  const auto own = parse_answer(write_refusal("", {ErrorKind::FixInput, "record", better}));
  REQUIRE(own.ok());
  CHECK(own->status.error().words == better);
  const auto bare = parse_answer(R"({"ok":false,"error":"because"})");  // of another version
  REQUIRE(bare.ok());
  CHECK(bare->status.error().words == Text{"because", "because"});
  auto boards = parse_answer(write_boards("5", {{"program", 1920, 1080}, {"input.a", 320, 180}}));
  REQUIRE(boards.ok());
  REQUIRE(boards->boards.size() == 2);
  CHECK(boards->boards[1].name == "input.a");
  CHECK(boards->boards[1].height == 180);
  auto snapshot =
      parse_answer(write_snapshot_answer("5", write_snapshot(testing::full_snapshot())));
  REQUIRE(snapshot.ok());
  CHECK(snapshot->snapshot->takes == 42);
  const std::string text = write_snapshot(testing::full_snapshot());
  CHECK(snapshot_of_event(write_snapshot_event(text)) == text);
  CHECK(snapshot_of_event(write_ok("1")).empty());
}

TEST_CASE("an equipment test comes back as its process told it; what is not one is named") {
  const EquipmentProgress before = testing::full_snapshot().equipment;
  const std::string line = write_equipment(before);
  CHECK(line.find('\n') == std::string::npos);
  const auto after = parse_equipment(line);
  REQUIRE(after.ok());
  CHECK(*after == before);
  CHECK(parse_equipment(R"({"progress":0.5,"from_a_later_version":1})")->progress == 0.5);
  for (const char* garbage : {"", "Segmentation fault", "[]", "{\"progress\":\"half\"}",
                              R"({"result":{"items":[{"verdict":"splendid"}]}})"}) {
    CAPTURE(garbage);
    CHECK_FALSE(parse_equipment(garbage).ok());
  }
  CHECK(says(parse_equipment(R"({"result":{"items":[{"id":5}]}})").error().message,
             "equipment test: result.items[0].id: expected a text"));
}

TEST_CASE("mutated lines never crash the reader and never become another command by accident") {
  std::mt19937 random(20260101);  // fixed: a failure can be repeated
  std::vector<std::string> seeds;
  for (const auto& c : every_command()) seeds.push_back(write_command(c));
  seeds.push_back(write_snapshot(testing::full_snapshot()));
  seeds.push_back(R"({"id":4,"request":"subscribe","hz":20})");
  int good = 0, bad = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (unsigned edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + random() % 8);
          break;
        case 2:
          text.insert(at, 1, "\"{}[],:\\0-e.n\xff"[random() % 14]);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 16));
      }
    }
    const auto command = parse_command(text);
    if (command) {
      // What was understood says the same when written and read again.
      const std::string again = write_command(*command);
      CHECK(write_command(*parse_command(again)) == again);
    } else {
      CHECK_FALSE(command.error().message.empty());
    }
    (command ? good : bad)++;
    if (const auto s = parse_snapshot(text)) CHECK(parse_snapshot(write_snapshot(*s)).ok());
    (void)door::parse_asked(text);
    (void)door::parse_answer(text);
  }
  CHECK(good > 100);
  CHECK(bad > 5000);
}

TEST_CASE("writing a snapshot is cheap enough for 30 a second") {
  const Snapshot s = testing::full_snapshot(10);
  std::vector<double> ms;
  std::size_t bytes = 0;
  for (int i = 0; i < 200; ++i) {
    const auto start = std::chrono::steady_clock::now();
    bytes = write_snapshot(s).size();
    ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                     .count());
  }
  std::nth_element(ms.begin(), ms.begin() + 100, ms.end());
  MESSAGE("a snapshot of " << bytes << " bytes is written in " << ms[100] << " ms (median)");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(ms[100] < 0.3);
#endif
}
