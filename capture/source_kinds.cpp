// SPDX-License-Identifier: GPL-3.0-or-later
#include <gst/gst.h>
#include <sys/resource.h>

#include <algorithm>

#include "capture/kinds.h"
#include "capture/port_audio.h"
#include "capture/source_kind.h"

namespace kakehashi {

const std::vector<SourceKind>& source_kinds() {
  static const std::vector<SourceKind> kinds{
      test_kind(),   camera_kind(),  pipewire_kind(),   decklink_kind(),   screen_kind(),
      portal_kind(), network_kind(), rtmp_push_kind(),  clip_kind(),       image_kind(),
      colour_kind(), slides_kind(),  microphone_kind(), application_kind()};
  return kinds;
}

const SourceKind* find_source_kind(const std::string& name) {
  for (const auto& kind : source_kinds())
    if (kind.description.name == name) return &kind;
  return nullptr;
}

KindTable source_kind_table() {
  KindTable table;
  for (const auto& kind : source_kinds()) table.push_back(kind.description);
  return table;
}

namespace {

// v4l2src loses a descriptor each time a running stream dies (1.22): with the usual 1024 a loose
// cable could end the show on a long day. What may be had is had; nothing here uses select(2).
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, 65536);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Status init_capture() {
  raise_descriptor_limit();
  // Without PortAudio there are no microphones, which each of them says; all else works.
  (void)start_port_audio("init");
  GError* error = nullptr;
  if (gst_init_check(nullptr, nullptr, &error)) return {};
  Error e{ErrorKind::FixSetup,
          std::string("GStreamer does not start: ") + (error ? error->message : "no reason given")};
  g_clear_error(&error);
  return e;
}

}  // namespace kakehashi
