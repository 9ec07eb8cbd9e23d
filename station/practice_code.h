// SPDX-License-Identifier: GPL-3.0-or-later
// The invisible frame code and the sound's fingerprint: what a practice stream carries so that a
// receiver can tell what it ought to have got. Both travel in one SEI message of each picture
// (ITU-T H.264 D.1.6, user data unregistered): players skip it, the pictures stay as they are.
// Written only while every destination on air is a practice; nothing of it goes to an audience.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/audio_block.h"
#include "core/time.h"
#include "core/video_frame.h"
#include "encoder/packet.h"

namespace kakehashi {

// Sound is told in steps of 2.5 ms, counted from the session's zero.
inline constexpr int kSoundStep = 120;  // samples
// Mean luma of 4 x 4 fields, by row.
using PictureFields = std::array<std::uint8_t, 16>;

struct PracticeNote {
  std::int64_t captured_us = 0;  // CLOCK_MONOTONIC: light taken, for a still its tick
  std::int64_t pts_us = 0;       // program time, the sound's clock
  std::uint32_t number = 0;      // program picture
  PictureFields fields{};
  std::int64_t first_step = 0;  // of `levels`
  std::vector<std::uint8_t> levels;
  friend bool operator==(const PracticeNote&, const PracticeNote&) = default;
};

// Every 16th pixel of every 16th line: 20 us of a full HD picture.
PictureFields picture_fields(const std::uint8_t* luma, int stride, int width, int height);
// Power of one step of stereo, half decibels above -127.5 dBFS.
std::uint8_t sound_level(std::span<const float> left_right);
double level_db(std::uint8_t level);

// A whole NAL unit with its start code.
std::vector<std::uint8_t> write_practice_sei(const PracticeNote& note);
// From a NAL unit without start code or length; nothing when it is another one or broken.
std::optional<PracticeNote> read_practice_sei(std::span<const std::uint8_t> nal);
// From one FLV video tag body of H.264 (length prefixed NAL units of 4 bytes), as RTMP carries it.
std::optional<PracticeNote> find_practice_note(std::span<const std::uint8_t> tag_body);

// The writing side: hears every program block, marks every picture while it is on.
class PracticeCode {
 public:
  void set(bool on);                   // any thread
  void hear(const AudioBlock& block);  // enc.audio
  // enc.video. The packet with the note put in before its first slice; the same one while off or
  // where it is no H.264 picture.
  PacketPtr mark(PacketPtr packet, const VideoFrame& frame, std::int64_t number, MediaTime tick);

 private:
  static constexpr std::size_t kMostSteps = 400;  // 1 s
  std::mutex mutex_;
  bool on_ = false;
  std::int64_t first_step_ = 0;
  std::vector<std::uint8_t> levels_;  // not written yet
};

}  // namespace kakehashi
