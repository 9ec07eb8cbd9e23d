// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the codec. Which field of which value has which name in JSON: said once here, used for
// writing and for reading. A new field of core/snapshot.h or core/command.h is one word here.
#pragma once

#include <string_view>
#include <tuple>

#include "core/command.h"
#include "core/snapshot.h"
#include "station/door/codec_wire.h"

namespace kakehashi::door {

template <class Owner, class Member>
struct Field {
  std::string_view name;
  Member Owner::*member;
  bool required;  // in a command; a snapshot's missing fields keep their defaults
};
template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::string_view name, Member Owner::*member,
                                     bool required = true) {
  return {name, member, required};
}

template <class T>
struct Fields;  // `all`: a tuple of Field; a command also has its `name`

template <class T>
concept Described = requires {
  Fields<T>::all;
};

// The member's own name is its name in JSON.
#define KAKEHASHI_FIELD(member) field(#member, &T::member)
#define KAKEHASHI_OPTIONAL(member) field(#member, &T::member, false)
#define KAKEHASHI_VALUE(type, ...)                       \
  template <>                                            \
  struct Fields<type> {                                  \
    using T = type;                                      \
    static constexpr auto all = std::tuple{__VA_ARGS__}; \
  }
#define KAKEHASHI_COMMAND(type, word, ...)               \
  template <>                                            \
  struct Fields<type> {                                  \
    using T = type;                                      \
    static constexpr std::string_view name = word;       \
    static constexpr auto all = std::tuple{__VA_ARGS__}; \
  }
#define F KAKEHASHI_FIELD
#define O KAKEHASHI_OPTIONAL

KAKEHASHI_COMMAND(SelectPreview, "preview", F(scene));
KAKEHASHI_COMMAND(SetTransition, "transition", F(kind), O(seconds));
KAKEHASHI_COMMAND(Take, "take");
KAKEHASHI_COMMAND(SetTBar, "t_bar", F(position));
KAKEHASHI_COMMAND(TurnBack, "turn_back");
KAKEHASHI_COMMAND(SetBusScene, "bus", F(bus), O(scene));
KAKEHASHI_COMMAND(SetLayout, "layout", F(scene), F(layout));
KAKEHASHI_COMMAND(SetGenlock, "genlock", F(on));
KAKEHASHI_COMMAND(SetOverlay, "overlay", F(overlay), F(on));
KAKEHASHI_COMMAND(SetTimer, "timer", F(overlay), F(running), O(reset));
KAKEHASHI_COMMAND(ShowPage, "page", F(input), F(page));
KAKEHASHI_COMMAND(ShowCaption, "caption", F(overlay), F(line));
KAKEHASHI_COMMAND(AddCaption, "caption_text", F(overlay), F(text));
KAKEHASHI_COMMAND(EmergencyOn, "emergency");
KAKEHASHI_COMMAND(EmergencyOff, "return", O(open));  // without it no microphone opens
KAKEHASHI_COMMAND(SetGain, "gain", F(strip), F(gain));
KAKEHASHI_COMMAND(SetMute, "mute", F(strip), F(muted));
KAKEHASHI_COMMAND(RecallSound, "sound", F(snapshot));
KAKEHASHI_COMMAND(SetStrip, "strip", F(strip), F(sound));
KAKEHASHI_COMMAND(Listen, "listen", F(strip), F(on));
KAKEHASHI_COMMAND(SetSend, "send", F(strip), F(bus), F(on));
KAKEHASHI_COMMAND(SetSoundBus, "sound_bus", F(bus), F(gain), O(muted));
KAKEHASHI_COMMAND(BindSoundOutput, "bind_sound", F(bus), O(device), O(first_channel));
KAKEHASHI_COMMAND(GoLive, "go_live");
KAKEHASHI_COMMAND(StopLive, "stop_live");
KAKEHASHI_COMMAND(StartRecord, "start_record");
KAKEHASHI_COMMAND(StopRecord, "stop_record");
KAKEHASHI_COMMAND(SetDestination, "destination", F(destination), F(on));
KAKEHASHI_COMMAND(Mark, "mark", F(kind), O(on), O(note));
KAKEHASHI_COMMAND(ShowScreen, "screen", F(on), O(display), O(bus));
KAKEHASHI_COMMAND(LoadEvent, "load", F(path));
KAKEHASHI_COMMAND(BindRole, "bind", F(input), O(device), O(first_channel), O(channels));
KAKEHASHI_COMMAND(UndoBinding, "bind_back");
KAKEHASHI_COMMAND(WatchDevices, "devices", F(on));
KAKEHASHI_COMMAND(TestEquipment, "equipment", F(on), O(quick), O(burn_in_minutes), O(only),
                  O(clap));
KAKEHASHI_COMMAND(Quit, "quit");

KAKEHASHI_VALUE(BoardLine, F(name), F(width), F(height));
KAKEHASHI_VALUE(Text, F(ja), F(en));
KAKEHASHI_VALUE(Rate, F(numerator), F(denominator));
KAKEHASHI_VALUE(Canvas, F(width), F(height), F(rate));
KAKEHASHI_VALUE(DeviceIdentity, F(serial), F(port), F(model));
KAKEHASHI_VALUE(DeviceChannel, F(peak_db), F(role));
KAKEHASHI_VALUE(DeviceStatus, F(id), F(name), F(kind), F(identity), F(role), F(formats), F(peak_db),
                F(channels));
KAKEHASHI_VALUE(EquipmentFigure, F(id), F(value), F(unit));
KAKEHASHI_VALUE(EquipmentRow, F(cells));
KAKEHASHI_VALUE(EquipmentTable, F(title), F(columns), F(rows));
KAKEHASHI_VALUE(EquipmentItem, F(id), F(name), F(verdict), F(found), F(cause), F(action),
                F(figures), F(device), F(picture), F(tables), F(again), F(stopped), F(part));
KAKEHASHI_VALUE(EquipmentDifference, F(name), F(before), F(now), F(changed));
KAKEHASHI_VALUE(EquipmentResult, F(time), F(venue), F(event), F(quick), F(burn_in_minutes),
                F(items), F(differences), F(compared_with), F(stopped));
KAKEHASHI_VALUE(EquipmentProgress, F(running), F(progress), F(seconds_left), F(now), F(refusal),
                F(result), F(html));
KAKEHASHI_VALUE(InputFinding, F(id), F(severity), F(what), F(action));
KAKEHASHI_VALUE(InputStatus, F(id), F(name), F(kind), F(nature), F(video), F(audio), F(microphone),
                F(signal), F(reason), F(format), F(fps), F(advice), F(age_ms), F(age_p95_ms),
                F(jitter_ms), F(captured), F(lost), F(dropped), F(repeated), F(late), F(restarts),
                F(device), F(stand_in), F(findings), F(page), F(pages), F(drift_ppm), F(buffer_ms),
                F(overflows), F(underruns), F(overruns), F(resyncs), F(room_ms));
KAKEHASHI_VALUE(SceneStatus, F(id), F(name), F(key), F(card), F(inputs), F(layout));
KAKEHASHI_VALUE(OverlayStatus, F(id), F(label), F(on), F(kind), F(seconds_left), F(fits), F(timer),
                F(timer_running), F(shown_seconds));
KAKEHASHI_VALUE(CaptionStatus, F(id), F(shown), F(line), F(lines), F(next), F(reason));
KAKEHASHI_VALUE(GenlockStatus, F(wanted), F(locked), F(input), F(phase_ms), F(ppm));
KAKEHASHI_VALUE(EqBand, F(shape), F(hz), F(gain_db), F(q));
KAKEHASHI_VALUE(GateSettings, F(threshold_db), F(range_db));
KAKEHASHI_VALUE(CompressorSettings, F(ratio), F(threshold_db), F(attack_ms), F(release_ms),
                F(makeup_most_db));
KAKEHASHI_VALUE(StripSettings, O(set), O(trim_db), O(invert), O(mono), O(high_pass_hz), O(noise_db),
                O(gate), O(eq), O(compressor), O(delay_ms), O(pan), O(rights), O(follow_picture),
                O(automix), O(priority_db), O(rider_db), O(group), O(duck_db));
KAKEHASHI_VALUE(StripStatus, F(id), F(name), F(microphone), F(gain_db), F(muted), F(peak_db),
                F(level_db), F(open), F(listen), F(heard), F(closed), F(sound), F(buses),
                F(automix_db), F(rider_db), F(duck_db), F(compressor_db), F(gate_db), F(talks),
                F(findings));
KAKEHASHI_VALUE(LoudnessTarget, F(lufs), F(tolerance_lu));
KAKEHASHI_VALUE(SoundBusStatus, F(id), F(kind), F(name), F(gain_db), F(muted), F(peak_db),
                F(limiter_db), F(device), F(first_channel), F(playing), F(reason), F(drift_ppm),
                F(buffer_ms), F(latency_ms), F(underruns), F(restarts));
KAKEHASHI_VALUE(SoundSnapshotStatus, F(id), F(name), F(open));
KAKEHASHI_VALUE(SoundOutputStatus, F(id), F(name), F(channels));
KAKEHASHI_VALUE(OutputStatus, F(id), F(name), F(kind), F(scope), F(enabled), F(state), F(reason),
                F(connected_seconds), F(kbps), F(queue_ms), F(video_packets), F(audio_packets),
                F(dropped), F(reconnects), F(send_p95_ms), F(encode), F(backup_of), F(always),
                F(lead), F(line), F(delivered_kbps), F(rtt_ms), F(retransmits));
KAKEHASHI_VALUE(EncodeStatus, F(id), F(name), F(encoder), F(why), F(width), F(height),
                F(target_kbps), F(most_kbps), F(encode_p50_ms), F(encode_p95_ms), F(held_frames),
                F(half_rate), F(steps_down), F(skipped_pictures), F(captions));
KAKEHASHI_VALUE(IsoStatus, F(input), F(name), F(path), F(bytes), F(dropped), F(reason));
KAKEHASHI_VALUE(MarkerStatus, F(kind), F(at_seconds), F(until_seconds), F(note));
KAKEHASHI_VALUE(RecordStatus, F(recording), F(path), F(seconds), F(bytes), F(hours_left), F(reason),
                F(quality_reason), F(clean_path), F(clean_reason), F(proven), F(proven_seconds),
                F(on_second_folder), F(needed_hours), F(off_record), F(iso), F(markers),
                F(finalising), F(finalise_reason));
KAKEHASHI_VALUE(LoopBackStatus, F(running), F(seconds), F(delay_ms), F(av_offset_ms), F(av_known),
                F(longest_freeze_s), F(longest_silence_s), F(missing), F(verdict));
KAKEHASHI_VALUE(StageTime, F(id), F(p50_ms), F(p95_ms), F(p99_ms));
KAKEHASHI_VALUE(ProgramSound, F(peak_db), F(momentary_lufs), F(short_term_lufs), F(integrated_lufs),
                F(true_peak_dbtp), F(word), F(target));
KAKEHASHI_VALUE(Health, F(ticks), F(late_ticks), F(skipped_pictures), F(blocks), F(late_blocks),
                F(refused_blocks), F(unheard_blocks), F(mix_p95_ms), F(encode_p50_ms),
                F(encode_p95_ms), F(glass_p50_ms), F(glass_p95_ms), F(encoder_held_frames),
                F(encoder), F(cpu_cores), F(stages));
KAKEHASHI_VALUE(Message, F(id), F(severity), F(what), F(action));
KAKEHASHI_VALUE(Snapshot, F(sequence), F(title), F(event_id), F(canvas), F(session_seconds),
                F(inputs), F(scenes), F(program), F(preview), F(next_kind), F(next_seconds),
                F(transition_progress), F(transition_held), F(venue_scene), F(aux_scene),
                F(genlock), F(captions), F(overlays), F(strips), F(sound), F(sound_buses),
                F(sound_snapshots), F(sound_snapshot), F(microphones_live), F(sound_findings),
                F(sound_outputs), F(emergency), F(emergency_seconds), F(live), F(live_seconds),
                F(practice), F(scope), F(outputs), F(encodes), F(record), F(loop_back),
                F(screen_running), F(screens), F(health), F(messages), F(boards), F(desks),
                F(takes), F(devices), F(watching_devices), F(equipment), F(undo_role),
                F(undo_device));

#undef F
#undef O
#undef KAKEHASHI_FIELD
#undef KAKEHASHI_OPTIONAL
#undef KAKEHASHI_VALUE
#undef KAKEHASHI_COMMAND

// Names of enumerations, in the order of their values.
template <class E>
inline constexpr std::string_view kNames[1] = {};
template <>
inline constexpr std::string_view kNames<SignalState>[] = {"unbound", "opening", "live", "holding",
                                                           "lost"};
template <>
inline constexpr std::string_view kNames<SourceNature>[] = {"device", "network", "screen",
                                                            "film",   "still",   "test"};
template <>
inline constexpr std::string_view kNames<OutputState>[] = {"standby", "connecting", "live",
                                                           "reconnecting", "failed"};
template <>
inline constexpr std::string_view kNames<AudienceScope>[] = {"public", "unlisted", "internal",
                                                             "practice"};
template <>
inline constexpr std::string_view kNames<TransitionKind>[] = {
    "cut",        "mix",         "dip",       "ftb",        "wipe_left", "wipe_right",
    "wipe_up",    "wipe_down",   "push_left", "push_right", "push_up",   "push_down",
    "slide_left", "slide_right", "slide_up",  "slide_down"};
template <>
inline constexpr std::string_view kNames<Bus>[] = {kBusNames[0], kBusNames[1], kBusNames[2],
                                                   kBusNames[3]};
template <>
inline constexpr std::string_view kNames<ProcessingSet>[] = {
    kProcessingSetNames[0], kProcessingSetNames[1], kProcessingSetNames[2],
    kProcessingSetNames[3], kProcessingSetNames[4], kProcessingSetNames[5]};
template <>
inline constexpr std::string_view kNames<Rights>[] = {kRightsNames[0], kRightsNames[1],
                                                      kRightsNames[2]};
template <>
inline constexpr std::string_view kNames<EqShape>[] = {kEqShapeNames[0], kEqShapeNames[1],
                                                       kEqShapeNames[2]};
template <>
inline constexpr std::string_view kNames<LoudnessWord>[] = {"silent", "quiet", "good", "loud"};
template <>
inline constexpr std::string_view kNames<SoundBusKind>[] = {"program", "record_clean", "venue",
                                                            "monitor", "mix_minus"};
template <>
inline constexpr std::string_view kNames<LineWord>[] = {"none", "ample", "tight", "short"};
template <>
inline constexpr std::string_view kNames<MarkerKind>[] = {kMarkerKindNames[0], kMarkerKindNames[1],
                                                          kMarkerKindNames[2], kMarkerKindNames[3]};
template <>
inline constexpr std::string_view kNames<Severity>[] = {"notice", "caution", "fault"};
template <>
inline constexpr std::string_view kNames<Verdict>[] = {"waiting", "running", "pass",
                                                       "caution", "fail",    "skipped"};

// Calls what(field) for each field of T until it returns false; false then.
template <Described T, class What>
constexpr bool each_field(What what) {
  return std::apply([&](const auto&... f) { return (what(f) && ...); }, Fields<T>::all);
}

}  // namespace kakehashi::door
