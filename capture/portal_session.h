// SPDX-License-Identifier: GPL-3.0-or-later
// Asks a Wayland desktop for the picture of a screen or window that the user picks in the desktop's
// own dialog (XDG Desktop Portal, org.freedesktop.portal.ScreenCast version 4). Private to
// capture/.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "core/result.h"

namespace kakehashi {

class PortalSession {
 public:
  // Blocks until the user has chosen or refused, or `stop` became true (TryLater then). `token`:
  // of an earlier session, so that nobody is asked twice; replaced by the new one.
  static Result<std::unique_ptr<PortalSession>> open(std::string& token,
                                                     const std::atomic<bool>& stop);
  ~PortalSession();  // the desktop stops sharing
  PortalSession(const PortalSession&) = delete;
  PortalSession& operator=(const PortalSession&) = delete;

  int fd() const;              // of the PipeWire remote; this session's
  std::string target() const;  // the node to read there
  bool closed();               // the user ended sharing. The opening thread's.

 private:
  struct Impl;
  explicit PortalSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
