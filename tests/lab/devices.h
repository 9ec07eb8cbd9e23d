// SPDX-License-Identifier: GPL-3.0-or-later
// The lab's devices as a test handles them: the hand on the cable, the switch inside the camera.
// Only inside the lab (run.sh); each function fails the test when the kernel refuses.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace kakehashi::testing {

// Vivid's cameras by where they are "plugged in": the webcams kLeft and kRight, the HDMI input.
inline const std::string kLeft = "platform:vivid-000", kRight = "platform:vivid-001",
                         kHdmi = "platform:vivid-002";
// v4l2loopback's: cameras as long as somebody writes into them, and of the size they were first
// written in.
inline const std::string kFeeds[] = {"platform:v4l2loopback-000", "platform:v4l2loopback-001"};

// Opens one for writing whole YUYV pictures; the descriptor is the caller's.
int open_feed(const std::string& port, int width, int height);

// The node of the camera at that port now ("/dev/video1"), empty while there is none.
std::string node_at(const std::string& port);

// A camera's solid colour: what it shows tells which camera it is, whatever its node is called.
enum class Shown {
  Black = 5,
  White = 6,
  Red = 7,
  Green = 8,
  Blue = 9,
  Squares = 4,
  Ramp = 20,
  Noise = 21
};
void show(const std::string& port, Shown colour);
// A V4L2 control of the driver: "disconnect", "percentage_of_dropped_buffers", ...
void set_control(const std::string& port, const std::string& control, int value);
// Runs v4l2-ctl on the camera at that port; its output.
std::string v4l2(const std::string& port, const std::vector<std::string>& arguments);
// What is plugged into the HDMI input sends this from now on: "1920x1080p30", "1920x1080i25"; the
// driver tells of it as of any change of signal. Empty: it sends nothing.
void send_hdmi(const std::string& timing);
// Makes it a card that cannot scale or crop, as most capture cards.
void take_scaler_out(const std::string& port);

// In place of all cameras one grabber with an S-Video plug at kLeft: PAL, 720x576 interlaced.
void plug_grabber();
// All vivid cameras vanish and come back. `nodes`: the numbers of their nodes then, in the order
// left, right, HDMI.
void unplug_cameras();
void plug_cameras();
void plug_cameras_as(const std::vector<int>& nodes);

// The loopback cards: what is played into device 0 of a card is heard by its device 1. `card`: 0
// is LabA, 1 is LabB.
void unplug_card(int card);
void plug_card(int card);
// Plays a sine into the card until the returned process dies.
std::unique_ptr<Process> play(int card, int hz);
// As play(), a sine of its own on each of eight channels.
std::unique_ptr<Process> play_channels(int card, const std::vector<int>& hz);
// Makes the card's clock run off: parts per million against the system's.
void shift_rate(int card, int ppm);

}  // namespace kakehashi::testing
