// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/trouble.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <set>

#include "capture/signal_words.h"
#include "capture/stall_watch.h"

using namespace kakehashi;

namespace {

SourceKind named(const char* kind, SourceNature nature = SourceNature::Device) {
  SourceKind k{{}, nature, {}};
  k.description.name = kind;
  return k;
}

MediaTime at(int ms) { return MediaTime{1'000'000'000} + Duration::milliseconds(ms); }

}  // namespace

TEST_CASE("what the kernel says") {
  CHECK(trouble_of_errno(EBUSY) == Trouble::Busy);
  CHECK(trouble_of_errno(EACCES) == Trouble::Forbidden);
  CHECK(trouble_of_errno(ENODEV) == Trouble::Gone);
  CHECK(trouble_of_errno(ENOLINK) == Trouble::NoSignal);
  CHECK(trouble_of_errno(ENOSPC) == Trouble::Crowded);
  CHECK(trouble_of_errno(EINVAL) == Trouble::Format);
  CHECK(trouble_of_errno(EIO) == Trouble::Unknown);
}

TEST_CASE("what GStreamer says: the kernel's word first, then the table") {
  struct Row {
    const char* domain;
    int code;
    const char* debug;
    Trouble trouble;
  };
  const char *resource = "gst-resource-error-quark", *stream = "gst-stream-error-quark";
  const Row rows[] = {
      {resource, 4, nullptr, Trouble::Busy},
      {resource, 3, "", Trouble::Gone},
      {resource, 15, "", Trouble::Forbidden},
      {resource, 13, "", Trouble::Format},
      {resource, 7, "v4l2_calls.c(667): gst_v4l2_open ():\nsystem error: Permission denied",
       Trouble::Forbidden},
      {resource, 7, "system error: Device or resource busy", Trouble::Busy},
      {resource, 4, "system error: No such device", Trouble::Gone},
      {stream, 1, "streaming stopped, reason not-negotiated (-4)", Trouble::Format},
      {stream, 1, "streaming stopped, reason error (-5)", Trouble::Unknown},
      {stream, 11, nullptr, Trouble::Format},
      {"gst-library-error-quark", 4, nullptr, Trouble::Unknown},
      {nullptr, 4, nullptr, Trouble::Unknown},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    CAPTURE(row.debug);
    CHECK(trouble_of_gstreamer(row.domain, row.code, row.debug) == row.trouble);
  }
}

TEST_CASE("a camera that no longer fits on the USB cable is told to be moved") {
  const Text words = no_signal_words(named("camera"), ErrorKind::TryLater, Trouble::Crowded);
  CHECK(words.ja.find("別のUSBの口") != std::string::npos);
  CHECK(words != no_signal_words(named("camera"), ErrorKind::TryLater));
}

TEST_CASE("a cause and one action for each trouble, without names of devices or figures") {
  for (const char* kind : {"camera", "microphone"}) {
    std::set<std::string> ja, en;
    for (const Trouble t : {Trouble::Unknown, Trouble::Busy, Trouble::Forbidden, Trouble::Format,
                            Trouble::NoSignal, Trouble::Hanging}) {
      const Text words = no_signal_words(named(kind), ErrorKind::TryLater, t);
      CHECK(words.ja.find("→ ") != std::string::npos);
      CHECK(words.en.find("-> ") != std::string::npos);
      CHECK(words.ja.find("/dev") == std::string::npos);
      ja.insert(words.ja);
      en.insert(words.en);
    }
    CHECK(ja.size() == 6);
    CHECK(en.size() == 6);
  }
  CHECK(no_signal_words(named("camera"), ErrorKind::FixSetup, Trouble::Busy)
            .ja.find("ほかのソフトが使っています") != std::string::npos);
  // A file is not plugged in; the network camera has words of its own.
  const SourceKind clip = named("clip", SourceNature::Film);
  const SourceKind network = named("network", SourceNature::Network);
  CHECK(no_signal_words(clip, ErrorKind::TryLater, Trouble::Gone) ==
        no_signal_words(clip, ErrorKind::TryLater));
  CHECK(no_signal_words(clip, ErrorKind::TryLater, Trouble::Forbidden).ja.find("ファイル") !=
        std::string::npos);
  CHECK(no_signal_words(network, ErrorKind::TryLater, Trouble::Forbidden) ==
        no_signal_words(network, ErrorKind::TryLater));
}

TEST_CASE("silence: long allowed before the first picture, short after it") {
  const Duration patience = Duration::milliseconds(1500), none{};
  StallWatch watch(at(0), Duration::seconds(5));
  CHECK_FALSE(watch.stalled(at(5000), false, false, patience, none));
  CHECK_FALSE(watch.began());
  CHECK(watch.stalled(at(5001), false, false, patience, none));
  watch = StallWatch(at(0), Duration::seconds(5));
  CHECK_FALSE(watch.stalled(at(100), true, false, patience, none));
  CHECK(watch.began());
  CHECK_FALSE(watch.stalled(at(1600), false, false, patience, none));
  CHECK(watch.stalled(at(1601), false, false, patience, none));

  SUBCASE("a still picture may rest as long as it likes") {
    CHECK_FALSE(watch.stalled(at(9000), false, true, patience, none));
    CHECK_FALSE(watch.stalled(at(10500), false, false, patience, none));
    CHECK(watch.stalled(at(10501), false, false, patience, none));
  }
  SUBCASE("a slow camera is not silent for its own period") {
    CHECK_FALSE(watch.stalled(at(4100), false, false, patience, Duration::seconds(1)));
    CHECK(watch.stalled(at(4101), false, false, patience, Duration::seconds(1)));
  }
}
