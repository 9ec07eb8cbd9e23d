// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a desk needs to draw itself, as one plain value. The station makes one several times a
// second; JSON is in station/door/codec.h. Contains no secret and no URL with a key.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/device.h"
#include "core/equipment_test.h"
#include "core/live_state.h"
#include "core/marker.h"
#include "core/show.h"
#include "core/sound_bus.h"
#include "core/text.h"

namespace kakehashi {

enum class SignalState : std::uint8_t {
  Unbound,  // no device plays this role
  Opening,
  Live,
  Holding,  // late: the last picture is repeated (up to 2 s)
  Lost,     // no signal: the "no signal" picture stands in, reopening goes on
};

enum class Severity : std::uint8_t { Notice, Caution, Fault };

// Something a detector saw in a picture or heard in a sound that arrives well: black, frozen,
// flickering, humming. Stays until it has been gone for some seconds.
struct InputFinding {
  std::string id;  // "black", "frozen", "flicker", "comb", "four_three", "no_signal", "silent",
                   // "one_sided", "clipping", "hum", "dropouts"
  Severity severity = Severity::Caution;
  Text what;    // what is seen and its likely cause
  Text action;  // one thing to do
};

struct InputStatus {
  std::string id;
  Text name;
  std::string kind;
  SourceNature nature = SourceNature::Device;  // of `kind`; Device where the kind is not known
  bool video = false;
  bool audio = false;
  bool microphone = false;
  SignalState signal = SignalState::Unbound;
  Text reason;         // why there is no signal and what to do; empty when well
  std::string format;  // what was really negotiated: "1920x1080 30/1 NV12"
  double fps = 0;
  Text advice;        // works, but would be better otherwise (25 fps in a 30 fps event)
  double age_ms = 0;  // median age of its picture at the tick
  double age_p95_ms = 0;
  double jitter_ms = 0;  // p95 deviation of its pictures' arrival from their own cadence
  // captured: arrived here; lost: by the device itself (gaps in its own counting); dropped: by us
  // because a newer one came; late: older than 300 ms at the tick.
  std::uint64_t captured = 0, lost = 0, dropped = 0, repeated = 0, late = 0, restarts = 0;
  std::string device;    // what plays the role now, for people: "HD Pro Webcam C920 (usb 3)"
  std::string stand_in;  // the input whose picture is shown instead while this one is lost
  std::vector<InputFinding> findings;
  int page = 0, pages = 0;  // slides: the page shown, of how many; 0: no document
  double drift_ppm = 0;     // sound device against the session clock
  double buffer_ms = 0;
  // Sound. overflows: the device's own gaps; underruns: the mixer found too little; overruns: too
  // much came; resyncs: it was placed anew. room_ms: it always comes late and is played so much
  // later than its moment.
  std::uint64_t overflows = 0, underruns = 0, overruns = 0, resyncs = 0;
  double room_ms = 0;
};

// One channel of a sound device.
struct DeviceChannel {
  double peak_db = -120;  // while devices are watched
  std::string role;       // the input that hears it; empty: none
};

// One device that is plugged in.
struct DeviceStatus {
  std::string id;    // good until it is unplugged; BindRole names it
  std::string name;  // "HD Pro Webcam C920 (USB 3)"; two of the same model read differently
  std::string kind;  // the source kind that opens it: "camera", "microphone", "screen"
  DeviceIdentity identity;
  std::string role;       // the input it plays; empty: none
  std::string formats;    // what it offers, short: "1920x1080 60, 1280x720 60 MJPG"
  double peak_db = -120;  // sound devices while devices are watched: tap the microphone to find it
  // Sound devices of more than two channels, once open: each with its own level. BindRole picks.
  std::vector<DeviceChannel> channels;
};

struct SceneStatus {
  std::string id;
  Text name;
  int key = 0;
  bool card = false;
  std::vector<std::string> inputs;  // for tally
  std::string layout;
};

struct OverlayStatus {
  std::string id;
  Text label;
  bool on = false;
  std::string kind;
  double seconds_left = -1;  // until it goes off by itself; -1: it does not
  bool fits = true;          // the scene on program has a place for it
  bool timer = false;        // can be started and stopped
  bool timer_running = false;
  double shown_seconds = 0;  // in all, since the event was opened (a QR code's display time)
};

// One caption overlay: what is on the picture, what comes next, and how its feed is.
struct CaptionStatus {
  std::string id;                  // the overlay's
  std::vector<std::string> shown;  // lines now
  int line = 0, lines = 0;         // prepared ones: the last shown, of how many
  std::string next;                // prepared line that ShowCaption{line + 1} brings
  Text reason;                     // of a feed in trouble: cause and one action; empty when well
};

// The tick that follows a camera.
struct GenlockStatus {
  bool wanted = false;
  bool locked = false;
  std::string input;    // the camera followed
  double phase_ms = 0;  // age of its newest picture at the tick
  double ppm = 0;       // its cadence against the nominal rate
};

struct StripStatus {
  std::string id;
  Text name;
  bool microphone = false;
  double gain_db = 0;
  bool muted = false;
  double peak_db[2] = {
      -120, -120};  // before fader and mute, so that a closed microphone still shows its level
  double level_db = -120;  // fast level, same place
  bool open = true, listen = false;
  bool heard = false;  // on program at this moment
  Text closed;  // why not, when it is neither muted by hand nor heard: the snapshot, the card
  StripSettings sound;
  std::vector<std::string> buses;  // ids it reaches now
  // Gains at work, dB: sharing, levelling, ducking, compression (<= 0, without its make-up), gate.
  double automix_db = 0, rider_db = 0, duck_db = 0, compressor_db = 0, gate_db = 0;
  bool talks = false;                  // speech, as the automix hears it
  std::vector<InputFinding> findings;  // what the station's ears heard on it
};

// Loudness in words (音量のめやす).
enum class LoudnessWord : std::uint8_t { Silent, Quiet, Good, Loud };

struct SoundBusStatus {
  std::string id;
  SoundBusKind kind = SoundBusKind::Program;
  Text name;
  double gain_db = 0;
  bool muted = false;
  double peak_db[2] = {-120, -120};
  double limiter_db = 0;  // <= 0, what the limiter takes off at most
  std::string device;     // what plays it, for people; empty: none, or it needs none
  int first_channel = 1;
  bool playing = false;  // the device runs
  Text reason;           // its trouble: cause and one action
  double drift_ppm = 0, buffer_ms = 0, latency_ms = 0;
  std::uint64_t underruns = 0, restarts = 0;
};

struct SoundSnapshotStatus {
  std::string id;
  Text name;
  std::vector<std::string> open;  // strips it opens on program
};

// One sound output that is plugged in.
struct SoundOutputStatus {
  std::string id;    // BindSoundOutput names it
  std::string name;  // for people
  int channels = 2;
};

enum class OutputState : std::uint8_t { Standby, Connecting, Live, Reconnecting, Failed };

// How much room a line has, in words (回線).
enum class LineWord : std::uint8_t {
  None,   // not connected, or not measured
  Ample,  // 余裕あり
  Tight,  // ぎりぎり: the bitrate is being held down
  Short,  // 不足: pictures are left out
};

struct OutputStatus {
  std::string id;
  Text name;
  std::string kind;
  AudienceScope scope = AudienceScope::Practice;
  bool enabled = true;
  OutputState state = OutputState::Standby;
  Text reason;  // cause and one action; empty when well
  double connected_seconds = 0;
  double kbps = 0;
  double queue_ms = 0;
  std::uint64_t video_packets = 0, audio_packets = 0, dropped = 0, reconnects = 0;
  double send_p95_ms = 0;
  std::string encode, backup_of;
  bool always = false;  // runs while it is enabled, on air or not (a virtual camera)
  bool lead = false;    // the encode's bitrate follows this line
  LineWord line = LineWord::None;
  double delivered_kbps = 0;  // what the other side took, lately; 0: not known
  double rtt_ms = 0;
  std::uint64_t retransmits = 0;
};

// One encode at work.
struct EncodeStatus {
  std::string id;  // "main", or NamedEncode::id
  Text name;
  std::string encoder;  // "libx264 superfast zerolatency, 2 slices"
  Text why;             // why this one and not another
  int width = 0, height = 0;
  double target_kbps = 0, most_kbps = 0;  // now; as the event wants it
  double encode_p50_ms = 0, encode_p95_ms = 0;
  int held_frames = -1;          // verified at start
  bool half_rate = false;        // every second picture: the line is below the floor
  std::uint64_t steps_down = 0;  // presets given up because this PC was too slow
  std::uint64_t skipped_pictures = 0;
  bool captions = false;  // CEA-608/708 goes along
};

// One input's own recording.
struct IsoStatus {
  std::string input;
  Text name;
  std::string path;
  std::uint64_t bytes = 0, dropped = 0;
  Text reason;  // its trouble; empty when well
};

struct MarkerStatus {
  MarkerKind kind = MarkerKind::Chapter;
  double at_seconds = 0;      // of the recording
  double until_seconds = -1;  // of a span; -1: a moment, or still open
  std::string note;
};

struct RecordStatus {
  bool recording = false;
  std::string path;
  double seconds = 0;
  std::uint64_t bytes = 0;
  double hours_left = 0;   // at this rate on this disk; 0: not known
  Text reason;             // empty when well
  Text quality_reason;     // recorded in another quality than wished; else empty
  std::string clean_path;  // the Clean bus's file; empty: none
  Text clean_reason;       // its trouble
  // The lamp 録画中: the file grows and what was written last decodes.
  bool proven = false;
  double proven_seconds = 0;  // of the recording known to decode
  bool on_second_folder = false;
  double needed_hours = 0;  // until the planned end; 0: no plan
  bool off_record = false;  // a 非公開区間 is open
  std::vector<IsoStatus> iso;
  std::vector<MarkerStatus> markers;  // the latest 20, newest last
  std::string finalising;             // the file an MP4 is being made of; empty: none
  Text finalise_reason;               // why none could be made lately; empty when well
};

// What viewers get, by our own practice receiver.
struct LoopBackStatus {
  bool running = false;
  double seconds = 0;    // received
  double delay_ms = -1;  // picture made -> decoded there, median; -1: not readable
  double av_offset_ms = 0;
  bool av_known = false;
  double longest_freeze_s = 0, longest_silence_s = 0;
  std::uint64_t missing = 0;  // pictures
  Text verdict;               // one sentence
};

// One step of a picture's way, from light to socket.
struct StageTime {
  std::string id;  // "age", "mix", "wait", "encode", "queue", "send", "whole"
  double p50_ms = 0, p95_ms = 0, p99_ms = 0;
};

struct ProgramSound {
  double peak_db[2] = {-120, -120};
  double momentary_lufs = -120;   // 400 ms (EBU Tech 3341)
  double short_term_lufs = -120;  // 3 s
  double integrated_lufs = -120;  // since going live, else since the event was opened
  double true_peak_dbtp = -120;   // highest of the last second
  LoudnessWord word = LoudnessWord::Silent;
  LoudnessTarget target;
};

struct Health {
  std::uint64_t ticks = 0, late_ticks = 0, skipped_pictures = 0;  // skipped: encoder was not ready
  std::uint64_t blocks = 0, late_blocks = 0;
  std::uint64_t refused_blocks =
      0;  // sound that the encoder was a second behind with: silence instead
  std::uint64_t unheard_blocks = 0;  // the station's ears were not ready for them
  double mix_p95_ms = 0, encode_p50_ms = 0, encode_p95_ms = 0;
  double glass_p50_ms = 0, glass_p95_ms = 0;  // picture captured -> its packet given to the socket
  int encoder_held_frames = -1;               // verified at start; -1 not yet
  std::string encoder;                        // "libx264 superfast zerolatency, 2 slices"
  double cpu_cores = 0;                       // this process, averaged over the last seconds
  std::vector<StageTime> stages;              // of the first live output
};

struct Message {
  std::string id;  // stable while the trouble lasts: "input.cam_wide.lost"
  Severity severity = Severity::Notice;
  Text what;    // what happened and what viewers see
  Text action;  // one thing to do
};

struct Snapshot {
  std::uint64_t sequence = 0;
  Text title;
  std::string event_id;
  Canvas canvas;
  double session_seconds = 0;
  std::vector<InputStatus> inputs;
  std::vector<SceneStatus> scenes;
  std::string program, preview;
  TransitionKind next_kind = TransitionKind::Cut;
  double next_seconds = 0;             // length of the next transition
  double transition_progress = -1;     // 0..1 while one runs, else -1
  bool transition_held = false;        // by the T-bar
  std::string venue_scene, aux_scene;  // empty: follow program
  GenlockStatus genlock;
  std::vector<CaptionStatus> captions;
  std::vector<OverlayStatus> overlays;
  std::vector<StripStatus> strips;
  ProgramSound sound;
  std::vector<SoundBusStatus> sound_buses;
  std::vector<SoundSnapshotStatus> sound_snapshots;
  std::string sound_snapshot;                 // recalled last
  std::vector<std::string> microphones_live;  // ids of those open under a card: ふた中・マイク生き
  std::vector<InputFinding> sound_findings;  // of the buses; a strip's are with it
  std::vector<SoundOutputStatus> sound_outputs;
  bool emergency = false;
  double emergency_seconds = 0;
  bool live = false;  // the operator wants to be on air (outputs may still be connecting)
  double live_seconds = 0;
  bool practice = false;  // every enabled destination has the practice scope
  AudienceScope scope = AudienceScope::Practice;  // the widest enabled one
  std::vector<OutputStatus> outputs;
  std::vector<EncodeStatus> encodes;
  RecordStatus record;
  LoopBackStatus loop_back;
  bool screen_running = false;       // the hall's
  std::vector<std::string> screens;  // buses that have a window now: "venue", "aux"
  Health health;
  std::vector<Message> messages;  // worst first
  std::uint64_t boards = 0;  // grows when the set of shared pictures changed: ask for them again
  int desks = 0;
  std::uint64_t takes = 0;
  std::vector<DeviceStatus> devices;  // changes by itself with plugging
  bool watching_devices = false;      // boards "device.<id>" show what is not bound
  EquipmentProgress equipment;
  // What UndoBinding would do: this role gets that device back. Empty role: nothing can be taken
  // back; empty device: the role had none.
  std::string undo_role;
  Text undo_device;
};

}  // namespace kakehashi
