// SPDX-License-Identifier: GPL-3.0-or-later
// What every file that talks to libav* needs: owners, its errors in words, its log in ours.
// Private to encoder/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "encoder/chapters.h"

struct AVCodecContext;
struct AVFormatContext;
struct AVFrame;
struct AVPacket;

namespace kakehashi {

struct LibavDelete {
  void operator()(AVCodecContext* context) const;
  void operator()(AVFormatContext* context) const;  // not its pb: that has an owner of its own
  void operator()(AVFrame* frame) const;
  void operator()(AVPacket* packet) const;
};
template <class T>
using Libav = std::unique_ptr<T, LibavDelete>;

// "Connection refused" for AVERROR(ECONNREFUSED).
std::string libav_error_text(int code);

// Takes the place of those the file had.
void add_chapters(AVFormatContext& file, const std::vector<Chapter>& chapters);

// Sends libav's log through ours (redacted), warnings as Debug, errors as Info. Any thread, any
// number of times; called by everything here that opens a codec or a connection.
void install_libav_log();

// What a server said is told by libav only in its log. The error lines that libav logged on the
// calling thread since forget_complaints(), redacted, at most the first 8, each without the
// "[rtmp @ 0x...] " in front.
const std::vector<std::string>& libav_complaints();
void forget_complaints();

}  // namespace kakehashi
