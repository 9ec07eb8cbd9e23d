// SPDX-License-Identifier: GPL-3.0-or-later
#include <gst/gst.h>

#include "capture/kinds.h"
#include "capture/port_audio.h"
#include "capture/source_kind.h"

namespace kakehashi {

const std::vector<SourceKind>& source_kinds() {
  static const std::vector<SourceKind> kinds{
      test_kind(),   camera_kind(),  pipewire_kind(),  decklink_kind(), screen_kind(),
      portal_kind(), network_kind(), rtmp_push_kind(), clip_kind(),     image_kind(),
      colour_kind(), slides_kind(),  microphone_kind()};
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

Status init_capture() {
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
