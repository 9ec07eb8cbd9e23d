// SPDX-License-Identifier: GPL-3.0-or-later
// What an independent program (ffprobe, ffmpeg) finds in a file that a server received or we
// recorded.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/show.h"

namespace kakehashi::testing {

struct PacketTime {
  double pts = 0, dts = 0;  // s
  bool keyframe = false;
};

struct MediaFile {
  std::string video_codec, profile, pixels, audio_codec;
  int width = 0, height = 0, sample_rate = 0, channels = 0;
  std::vector<PacketTime> video, audio;  // in the file's order

  double video_seconds() const;
  double audio_seconds() const;
};
MediaFile probe(const std::string& path);

// Longest step from one packet to the next, seconds; 0 with fewer than two.
double longest_step(const std::vector<PacketTime>& packets);
// Packets whose decoding time is not after the one before.
int steps_back(const std::vector<PacketTime>& packets);
// Times from one keyframe to the next, seconds.
std::vector<double> keyframe_steps(const std::vector<PacketTime>& video);

// Amplitude (1.0: full scale) of one frequency in each quarter of a second of sound from `start`
// on.
std::vector<double> tone(const std::string& path, double hz, double start, double seconds);
double median(std::vector<double> values);

// What ffmpeg's astats finds in each 10 ms of a file's sound.
struct LevelAt {
  double at = 0;          // s, the file's own time
  double peak_db = -200;  // dBFS; -200: digital silence
};
std::vector<LevelAt> levels_10ms(const std::string& path);

// Decodes and hands over each picture's luma (stride = width). Returns how many there were.
int each_picture(const std::string& path, int width, int height,
                 const std::function<void(int number, const std::uint8_t* luma)>& look);

double mean_luma(const std::uint8_t* luma, int width, Rect r);

}  // namespace kakehashi::testing
