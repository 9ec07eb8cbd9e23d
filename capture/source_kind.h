// SPDX-License-Identifier: GPL-3.0-or-later
// The table of source kinds. A new kind is one file (capture/kind_<name>.cpp) and one row; it
// inherits the contract tests, its settings form, its JSON and its validation from its description.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture/audio_sync.h"
#include "capture/frame_sync.h"
#include "capture/trouble.h"
#include "core/clock.h"
#include "core/device.h"
#include "core/result.h"
#include "core/secret.h"
#include "core/settings.h"
#include "core/show.h"
#include "core/text.h"
#include "core/tick_grid.h"

namespace kakehashi {

// What a running source is given. Outlives the source.
struct SourceContext {
  std::string input;  // the role, for logs and error sentences
  Canvas canvas;      // what the program wants; a source that can choose comes close to it
  MediaTime epoch;  // the session's zero; pictures of paced sources fall `phase_lead` before a tick
  Duration phase_lead = Duration::milliseconds(4);  // at least; a busy screen grab starts earlier
  std::shared_ptr<const TickGrid> grid;  // where the ticks fall; null: nominal, from epoch
  std::string media_folder;    // relative paths in settings start here (the event file's folder)
  FrameSync* video = nullptr;  // null: this input shows no picture
  AudioSync* audio = nullptr;  // null: this input has no strip
  Clock* clock = nullptr;
  std::vector<DeviceIdentity>
      others;    // what the other roles are bound to: never taken for this one
  int page = 0;  // slides that are opened again go on here; 0: the first one, as set
  std::atomic<Trouble>* trouble = nullptr;  // where a failing source says why; may be null
  // The password of this name in the secrets file. Absent: there are none.
  std::function<std::optional<Secret>(const std::string& name)> secret;
  // Where a source leaves what must not close between two openings (a port that senders come to);
  // lives as long as the input. Null: it goes with the source.
  std::shared_ptr<void>* kept = nullptr;
  // True once nobody wants this input any more: an opening that waits for the other side ends.
  std::function<bool()> given_up;

  Error blame(Trouble why, Error error) const {
    if (trouble && why != Trouble::Unknown) *trouble = why;
    return error;
  }
};

struct PageStatus {
  int page = 0, pages = 0;  // the page shown, of how many
  Text advice;              // a page or a newer file that cannot be shown; empty when well
};

// The pages of a running source of slides. Any thread but the mix loops; calls return at once. May
// outlive its source, then nothing comes of them.
class PageTurner {
 public:
  virtual ~PageTurner() = default;
  virtual void show_page(int page) = 0;  // counted from 1; kept within the document
  virtual FramePtr page_strip() = 0;     // as Feed::page_strip
  virtual PageStatus page_status() const = 0;
};

// One open device. Lives on its feed's own thread; its streaming threads only stamp, wrap, hand
// over.
class Source {
 public:
  virtual ~Source() = default;  // closes; may take as long as the driver likes
  // Called every 100 ms by the feed: an error means the device is gone or broken and will be
  // reopened. Pictures that stay away are noticed by the feed's own watchdog (patience()).
  virtual Status poll() = 0;
  // What was really negotiated, for people: "1920x1080 30/1 NV12". May be empty at first.
  virtual std::string format() const = 0;
  // What it is, for people: "HD Pro Webcam C920 (USB 3)"; empty where there is nothing to tell.
  virtual std::string device() const { return {}; }
  // Pictures or blocks the device itself says it lost (gaps in its own counting).
  virtual std::uint64_t lost() const { return 0; }
  // Of these, those that the device gave but this computer fetched too late.
  virtual std::uint64_t fetched_late() const { return 0; }
  // Running well, then nothing for so long: it hangs without an error and is opened again. Short
  // for a device at a cable, which always sends; long where a network may hesitate.
  virtual Duration patience() const { return Duration::seconds(3); }
  // A clip played to its end (mode once), a still image: silence after this is not a fault.
  virtual bool may_rest() const { return false; }
  // Its pictures come at a pace of its own (a camera), not at ours: the tick reads it by its
  // cadence and may follow it. Constant from opening on.
  virtual bool own_pace() const { return false; }
  // Slides only.
  virtual std::shared_ptr<PageTurner> pages() { return {}; }
};

struct SourceKind {
  KindDescription description;
  SourceNature nature{};
  // Opens the device; may block some seconds. The sentence of an error names device and fix.
  std::function<Result<std::unique_ptr<Source>>(const Settings&, const SourceContext&)> open;
};

// All kinds: test, camera, pipewire, decklink, screen, portal, network, rtmp_push, clip, image,
// colour, slides, microphone, application.
const std::vector<SourceKind>& source_kinds();
const SourceKind* find_source_kind(const std::string& name);
// The same rows as plain descriptions, for presets and forms.
KindTable source_kind_table();

// Once per process, before any source; initialises GStreamer and PortAudio.
Status init_capture();

}  // namespace kakehashi
