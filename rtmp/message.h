// SPDX-License-Identifier: GPL-3.0-or-later
// RTMP messages as both ends see them, above the chunks (Adobe RTMP 1.0, sections 5.4 and 7.1).
#pragma once

#include <cstdint>
#include <string>

#include "rtmp/bytes.h"

namespace kakehashi::rtmp {

enum class MessageType : std::uint8_t {
  SetChunkSize = 1,
  Abort = 2,
  Acknowledgement = 3,
  UserControl = 4,
  WindowAckSize = 5,
  SetPeerBandwidth = 6,
  Audio = 8,
  Video = 9,
  DataAmf3 = 15,
  CommandAmf3 = 17,
  DataAmf0 = 18,
  CommandAmf0 = 20,
  Aggregate = 22,
};

// User control events (7.1.7).
enum class UserEvent : std::uint16_t {
  StreamBegin = 0,
  StreamEof = 1,
  StreamDry = 2,
  SetBufferLength = 3,
  StreamIsRecorded = 4,
  PingRequest = 6,
  PingResponse = 7,
};

// One whole message. `body` is borrowed: valid during the call that hands it over.
struct Message {
  MessageType type = MessageType::CommandAmf0;
  std::uint32_t stream = 0;     // message stream id; 0 is the connection itself
  std::uint32_t timestamp = 0;  // milliseconds, wraps after 49.7 days
  ByteView body;
};

// What neither end of ours goes beyond, nor lets the other side go beyond.
inline constexpr std::uint32_t kDefaultChunkSize = 128;  // 5.4.1
inline constexpr std::uint32_t kMaxChunkSize = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxChunkStreams = 64;
inline constexpr std::size_t kMaxUnfinishedBytes = 32 * 1024 * 1024;  // over all chunk streams
inline constexpr std::size_t kMaxCommandBytes = 256 * 1024;

// Chunk stream ids we speak on. 2 is the protocol's own (5.3.1.1); the others are free choice.
inline constexpr std::uint32_t kControlChunkStream = 2;
inline constexpr std::uint32_t kCommandChunkStream = 3;

}  // namespace kakehashi::rtmp
