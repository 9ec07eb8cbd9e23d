// SPDX-License-Identifier: GPL-3.0-or-later
// What can go wrong with an output: one row each, with the sentence for the log and the words for
// the operator (cause + one action). Private to encoder/.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"
#include "core/text.h"

namespace kakehashi {

enum class Trouble : std::uint8_t {
  BadAddress,
  NameUnknown,
  Refused,
  Unreachable,
  TimedOut,
  PortBlocked,  // the port lets nothing through, another one does
  Certificate,  // nobody we know vouches for it
  ClockOrAge,   // the certificate has expired, or this PC's clock is wrong
  OtherName,    // the certificate is another server's
  NoTls,        // it does not speak TLS
  NoInterface,  // the network interface that was chosen is not there
  NotRtmp,      // something answers there, but does not speak RTMP or hangs up at once
  Rejected,     // the server was reached and said no, or hung up before the stream was accepted
  NoSuchApp,    // it does not know what stands behind its name in the URL
  KeyInUse,     // somebody publishes under this key already
  LoginAsked,   // it wants a name and a password
  LoginWrong,
  CodecRefused,  // it does not take HEVC or AV1
  Lost,
  Stuck,
  FolderUnusable,
  DiskFull,
  DiskFailed,
  DiskSlow,  // part of the recording is missing
  UnknownKind,
  SrtAddress,
  SrtPassphrase,  // missing, too short, or not the other side's
  PortTaken,      // of a port to be called at
  HlsFolder,
  CameraMissing,  // a virtual one
  CameraTaken,
  Internal,
};

// "<the row's sentence>: <detail>". The detail must hold no secret.
Error trouble(Trouble what, const std::string& detail);
// The operator's words for an error made by trouble(), also after context() was put in front.
// What a server said itself is appended.
Text explain(const Error& error);
// No connection came about at all: name, way or port. Of an error made by trouble().
bool not_reached(const Error& error);
// For a failed connect: from an errno value (positive).
Trouble connect_trouble(int errno_value);

}  // namespace kakehashi
