// SPDX-License-Identifier: GPL-3.0-or-later
// No field of a Show is forgotten by reader and writer. A new field breaks the build here: name it,
// read it, write it, and give it a value in full_event.h that is not its default.
#include <tuple>

#include <doctest/doctest.h>

#include "presets/event_file.h"
#include "tests/presets/full_event.h"
#include "tests/presets/kinds.h"

using namespace kakehashi;

namespace {

auto parts(const Show& v) {
  const auto& [version, id, title, canvas, inputs, scenes, overlays, cards, emergency_card,
               first_scene, mix_duration, dip_colour, sign_language, venue_bus, aux_bus, genlock,
               sound, encode, encodes, destinations, record, venue, script, unknown] = v;
  (void)version;  // there is only one
  (void)unknown;  // tested by itself
  return std::tie(id, title, canvas, inputs, scenes, overlays, cards, emergency_card, first_scene,
                  mix_duration, dip_colour, sign_language, venue_bus, aux_bus, genlock, sound,
                  encode, encodes, destinations, record, venue, script);
}
auto parts(const Canvas& v) {
  const auto& [width, height, rate] = v;
  return std::tie(width, height, rate);
}
auto parts(const Input& v) {
  const auto& [id, name, video, audio, microphone, source, delay, masks, sound, sound_here, partner,
               backup] = v;
  (void)sound_here;  // of a hall: in the venue file
  return std::tie(id, name, video, audio, microphone, source, delay, masks, sound, partner, backup);
}
auto parts(const Scene& v) {
  const auto& [id, name, key, layers, card, layout, slots, fallback, when, otherwise, aux, sound] =
      v;
  return std::tie(id, name, key, layers, card, layout, slots, fallback, when, otherwise, aux,
                  sound);
}
auto parts(const Layer& v) {
  const auto& [input, rect, fit, crop, opacity, z, look, slot] = v;
  (void)slot;  // of a layout, never in a file
  return std::tie(input, rect, fit, crop, opacity, z, look);
}
auto parts(const LayerLook& v) {
  const auto& [flip_horizontal, flip_vertical, turn, correction, key, masks, corner_radius, border,
               shadow] = v;
  return std::tie(flip_horizontal, flip_vertical, turn, correction, key, masks, corner_radius,
                  border, shadow);
}
auto parts(const ColourCorrection& v) {
  const auto& [brightness, contrast, saturation, gamma, red_gain, blue_gain] = v;
  return std::tie(brightness, contrast, saturation, gamma, red_gain, blue_gain);
}
auto parts(const ChromaKey& v) {
  const auto& [on, colour, similarity, smoothness, spill] = v;
  return std::tie(on, colour, similarity, smoothness, spill);
}
auto parts(const Mask& v) {
  const auto& [shape, cover, x, y, w, h, colour] = v;
  return std::tie(shape, cover, x, y, w, h, colour);
}
auto parts(const Border& v) {
  const auto& [width, colour] = v;
  return std::tie(width, colour);
}
auto parts(const Shadow& v) {
  const auto& [x, y, blur, opacity] = v;
  return std::tie(x, y, blur, opacity);
}
auto parts(const Overlay& v) {
  const auto& [id, kind, label, people, settings, rect, fade, hold] = v;
  return std::tie(id, kind, label, people, settings, rect, fade, hold);
}
auto parts(const HoldingCard& v) {
  const auto& [id, kind, title, body, contact, phone, url, qr, countdown_to, logo, background] = v;
  return std::tie(id, kind, title, body, contact, phone, url, qr, countdown_to, logo, background);
}
auto parts(const EncodeSettings& v) {
  const auto& [codec, width, height, video_kbps, quality, maker, preset, keyframe_seconds,
               keyframe_on_take, vbv_ms, filler, captions, audio_kbps] = v;
  return std::tie(codec, width, height, video_kbps, quality, maker, preset, keyframe_seconds,
                  keyframe_on_take, vbv_ms, filler, captions, audio_kbps);
}
auto parts(const NamedEncode& v) {
  const auto& [id, name, settings] = v;
  return std::tie(id, name, settings);
}
auto parts(const Destination& v) {
  const auto& [id, name, kind, settings, key_name, scope, enabled, encode, backup_of, lead] = v;
  return std::tie(id, name, kind, settings, key_name, scope, enabled, encode, backup_of, lead);
}
auto parts(const RecordSettings& v) {
  const auto& [with_stream, clean, folder, second_folder, format, finalise, encode, iso] = v;
  return std::tie(with_stream, clean, folder, second_folder, format, finalise, encode, iso);
}
auto parts(const BusSettings& v) {
  const auto& [scene, overlays] = v;
  return std::tie(scene, overlays);
}
auto parts(const ScriptedTake& v) {
  const auto& [at, scene, transition, overlay, overlay_on, sound] = v;
  return std::tie(at, scene, transition, overlay, overlay_on, sound);
}

auto parts(const StripSettings& v) {
  const auto& [set, trim_db, invert, mono, high_pass_hz, noise_db, gate, eq, compressor, delay_ms,
               pan, rights, follow_picture, automix, priority_db, rider_db, group, duck_db] = v;
  return std::tie(set, trim_db, invert, mono, high_pass_hz, noise_db, gate, eq, compressor,
                  delay_ms, pan, rights, follow_picture, automix, priority_db, rider_db, group,
                  duck_db);
}
auto parts(const GateSettings& v) {
  const auto& [threshold_db, range_db] = v;
  return std::tie(threshold_db, range_db);
}
auto parts(const EqBand& v) {
  const auto& [shape, hz, gain_db, q] = v;
  return std::tie(shape, hz, gain_db, q);
}
auto parts(const CompressorSettings& v) {
  const auto& [ratio, threshold_db, attack_ms, release_ms, makeup_most_db] = v;
  return std::tie(ratio, threshold_db, attack_ms, release_ms, makeup_most_db);
}
auto parts(const SoundSettings& v) {
  const auto& [speech, music, most_dbtp, venue, snapshots] = v;
  return std::tie(speech, music, most_dbtp, venue, snapshots);
}
auto parts(const LoudnessTarget& v) {
  const auto& [lufs, tolerance_lu] = v;
  return std::tie(lufs, tolerance_lu);
}
auto parts(const SoundSnapshot& v) {
  const auto& [id, name, open, mics_off, music, venue] = v;
  return std::tie(id, name, open, mics_off, music, venue);
}

// Of all the values given, at least one differs from the default in each part.
template <class T>
void every_part_is_used(const char* type, std::initializer_list<const T*> values) {
  constexpr std::size_t count = std::tuple_size_v<decltype(parts(std::declval<const T&>()))>;
  bool used[count] = {};
  const T usual{};
  for (const T* value : values) [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((used[I] = used[I] || std::get<I>(parts(*value)) != std::get<I>(parts(usual))), ...);
    }
  (std::make_index_sequence<count>());
  for (std::size_t i = 0; i < count; ++i)
    CHECK_MESSAGE(used[i], std::string(type)
                               << ": part " << i << " has its default in full_event.h");
}

EventReading parse(const std::string& text) {
  return parse_event(text, testing::source_kinds(), testing::output_kinds());
}

}  // namespace

TEST_CASE("a file can say every part of a show, and what is written is read back the same") {
  const auto first = parse(testing::kFullEvent);
  std::string faults;
  for (const auto& f : first.faults) faults += f.path + ": " + f.message + "\n";
  REQUIRE_MESSAGE(first.ok(), faults);
  const Show& s = first.show;
  every_part_is_used<Show>("Show", {&s});
  every_part_is_used<Canvas>("Canvas", {&s.canvas});
  every_part_is_used<Input>("Input", {&s.inputs[0], &s.inputs[1], &s.inputs[5]});
  every_part_is_used<Mask>("Mask", {&s.inputs[0].masks[0]});
  const StripSettings& sound = s.inputs[5].sound;
  every_part_is_used<StripSettings>("StripSettings", {&sound});
  every_part_is_used<GateSettings>("GateSettings", {&sound.gate});
  every_part_is_used<EqBand>("EqBand", {&sound.eq[0], &sound.eq[1]});
  every_part_is_used<CompressorSettings>("CompressorSettings", {&sound.compressor});
  every_part_is_used<SoundSettings>("SoundSettings", {&s.sound});
  every_part_is_used<LoudnessTarget>("LoudnessTarget", {&s.sound.speech});
  every_part_is_used<SoundSnapshot>("SoundSnapshot", {&s.sound.snapshots[0]});
  every_part_is_used<Scene>("Scene", {&s.scenes[0], &s.scenes[1], &s.scenes[2]});
  const Layer& layer = s.scenes[0].layers[1];
  every_part_is_used<Layer>("Layer", {&layer});
  every_part_is_used<LayerLook>("LayerLook", {&layer.look});
  every_part_is_used<ColourCorrection>("ColourCorrection", {&layer.look.correction});
  every_part_is_used<ChromaKey>("ChromaKey", {&layer.look.key});
  every_part_is_used<Border>("Border", {&layer.look.border});
  every_part_is_used<Shadow>("Shadow", {&layer.look.shadow});
  every_part_is_used<Overlay>("Overlay", {&s.overlays[0], &s.overlays[2]});
  every_part_is_used<HoldingCard>("HoldingCard", {&s.cards[0]});
  every_part_is_used<EncodeSettings>("EncodeSettings", {&s.encode});
  every_part_is_used<Destination>("Destination",
                                  {&s.destinations[0], &s.destinations[1], &s.destinations[2]});
  every_part_is_used<NamedEncode>("NamedEncode", {&s.encodes[0]});
  every_part_is_used<RecordSettings>("RecordSettings", {&s.record});
  every_part_is_used<BusSettings>("BusSettings", {&s.venue_bus});
  every_part_is_used<ScriptedTake>("ScriptedTake", {&s.script[0], &s.script[1], &s.script[2]});

  const std::string text = write_event(s);
  const auto second = parse(text);
  REQUIRE(second.ok());
  CHECK(second.show == s);
  CHECK(write_event(second.show) == text);
}

TEST_CASE("every transition has its word in the script") {
  for (const auto& row : kTransitions) {
    const auto r = parse(
        R"({"kakehashi_event": 1, "id": "x", "title": "t", "inputs": [{"id": "i"}],
        "scenes": [{"id": "s", "layers": [{"input": "i"}]}],
        "script": [{"at_s": 1, "scene": "s", "transition": ")" +
        std::string(row.name) + "\"}]}");
    REQUIRE(r.ok());
    CHECK(r.show.script[0].transition == row.kind);
    CHECK(write_event(r.show).find("\"" + std::string(row.name) + "\"") != std::string::npos);
  }
}

TEST_CASE("a file of the first version means what it meant") {
  const auto r =
      parse(R"({"kakehashi_event": 1, "id": "old", "title": "題", "inputs": [{"id": "i"}],
    "scenes": [{"id": "s", "layers": [{"input": "i"}]}],
    "overlays": [{"id": "o", "name": "中村", "rect": [96, 684, 1200, 144]}],
    "cards": [{"id": "c", "title": "休憩"}]})");
  REQUIRE(r.ok());
  CHECK(r.notices.empty());
  Show expected;
  expected.id = "old";
  expected.title = {"題", ""};
  expected.inputs.resize(1);
  expected.inputs[0].id = expected.inputs[0].name.ja = "i";
  expected.scenes.resize(1);
  expected.scenes[0].id = expected.scenes[0].name.ja = "s";
  expected.scenes[0].layers = {{.input = "i", .rect = {0, 0, 1920, 1080}}};
  expected.overlays.resize(1);
  expected.overlays[0] = {
      .id = "o", .label = {"中村", ""}, .people = {{"中村", "", ""}}, .rect = {96, 684, 1200, 144}};
  expected.cards = {{.id = "c", .title = "休憩"}};
  CHECK(r.show == expected);
}
