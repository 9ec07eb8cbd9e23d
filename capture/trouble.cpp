// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/trouble.h"

#include <cerrno>
#include <cstring>
#include <string_view>

namespace kakehashi {
namespace {

struct ErrnoRow {
  int error;
  Trouble trouble;
};
constexpr ErrnoRow kErrnos[] = {
    {EBUSY, Trouble::Busy},     {EACCES, Trouble::Forbidden}, {EPERM, Trouble::Forbidden},
    {EINVAL, Trouble::Format},  {ENODEV, Trouble::Gone},      {ENXIO, Trouble::Gone},
    {ENOENT, Trouble::Gone},    {ENOLINK, Trouble::NoSignal}, {ENOLCK, Trouble::NoSignal},
    {ENOSPC, Trouble::Crowded}, {ETIMEDOUT, Trouble::Hanging}};

// GstResourceError and GstStreamError by number (gsterror.h), so that this file needs no GStreamer.
struct GstRow {
  std::string_view domain;
  int code;
  Trouble trouble;
};
constexpr std::string_view kResource = "gst-resource-error-quark",
                           kStream = "gst-stream-error-quark", kCore = "gst-core-error-quark";
constexpr GstRow kGst[] = {
    {kResource, 3, Trouble::Gone},        // NOT_FOUND
    {kResource, 4, Trouble::Busy},        // BUSY
    {kResource, 13, Trouble::Format},     // SETTINGS: "cannot capture in the specified format"
    {kResource, 15, Trouble::Forbidden},  // NOT_AUTHORIZED
    {kStream, 5, Trouble::Format},        // WRONG_TYPE
    {kStream, 7, Trouble::Format},        // DECODE
    {kStream, 11, Trouble::Format},       // FORMAT
    {kCore, 7, Trouble::Format},          // NEGOTIATION
    {kCore, 10, Trouble::Format},         // CAPS
};

}  // namespace

Trouble trouble_of_errno(int error) {
  for (const ErrnoRow& row : kErrnos)
    if (row.error == error) return row.trouble;
  return Trouble::Unknown;
}

Trouble trouble_of_gstreamer(const char* domain, int code, const char* debug) {
  // The kernel's own word is more exact than the element's choice of code: v4l2src has one code for
  // all that goes wrong in opening. It stands there in the words of strerror.
  if (const std::string_view words = debug ? debug : ""; !words.empty()) {
    for (const ErrnoRow& row : kErrnos)
      if (words.find(std::strerror(row.error)) != std::string_view::npos) return row.trouble;
    // How a base class ends when nobody agreed on a format (gst_flow_get_name).
    if (words.find("not-negotiated") != std::string_view::npos) return Trouble::Format;
  }
  for (const GstRow& row : kGst)
    if (domain && row.domain == domain && row.code == code) return row.trouble;
  return Trouble::Unknown;
}

}  // namespace kakehashi
