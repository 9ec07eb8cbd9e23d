// SPDX-License-Identifier: GPL-3.0-or-later
#include "venue/sound_outputs.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

const std::vector<SoundOutput> kPresent{{"hw:0,0", "HDA Intel: ALC887"},
                                        {"hw:0,3", "HDA Intel: HDMI 0"},
                                        {"hw:2,0", "USB Audio: USB Audio"},
                                        {"hw:2,1", "USB Audio: USB Audio #1"},
                                        {"pulse", "pulse"}};

std::string pcm(const Result<SoundOutput>& r) { return r.ok() ? r->pcm : "none"; }

}  // namespace

TEST_CASE("an output is named by ALSA's word or by a part of a name that only one has") {
  CHECK(pcm(choose_sound_output("hw:0,3", kPresent)) == "hw:0,3");
  CHECK(pcm(choose_sound_output("ALC887", kPresent)) == "hw:0,0");
  CHECK(pcm(choose_sound_output("pulse", kPresent)) == "pulse");
  for (const char* word : {"USB Audio", "no such", ""}) {
    const auto r = choose_sound_output(word, kPresent);
    REQUIRE_FALSE(r.ok());
    CHECK(r.error().kind == ErrorKind::NotFound);
    CHECK(r.error().message.find("hw:2,0") != std::string::npos);
  }
}

TEST_CASE("the output beside an input: its own plug, else the same card's, never another's") {
  CHECK(pcm(output_beside("hw:2,1", kPresent)) == "hw:2,1");
  CHECK(pcm(output_beside("hw:0,2", kPresent)) == "hw:0,0");
  CHECK(pcm(output_beside("pulse", kPresent)) == "pulse");
  CHECK(pcm(output_beside("hw:1,0", kPresent)) == "none");
  CHECK(pcm(output_beside("default", kPresent)) == "none");
  CHECK(pcm(output_beside("hw:20,0", kPresent)) == "none");
}
