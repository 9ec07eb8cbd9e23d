// SPDX-License-Identifier: GPL-3.0-or-later
// AMF0, the format of RTMP's commands (Adobe "Action Message Format -- AMF 0", 2007).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rtmp/bytes.h"

namespace kakehashi::rtmp {

enum class AmfKind : std::uint8_t {
  Number,
  Boolean,
  String,  // also long string and XML document
  Object,  // also typed object; its class name is dropped
  Null,
  Undefined,
  EcmaArray,
  StrictArray,
  Date,  // number: milliseconds since 1970; the time zone is dropped, as 2.13 says it should be
};

struct AmfProperty;

// A plain value; only the members its kind names are meaningful.
struct AmfValue {
  AmfKind kind = AmfKind::Null;
  double number = 0;
  bool boolean = false;
  std::string text;
  std::vector<AmfProperty> properties;  // Object, EcmaArray: in the order they came
  std::vector<AmfValue> items;          // StrictArray

  static AmfValue of(double v);
  static AmfValue of(bool v);
  static AmfValue of(std::string v);
  static AmfValue of(const char* v);
  static AmfValue object(std::vector<AmfProperty> p);
  static AmfValue ecma_array(std::vector<AmfProperty> p);
  static AmfValue strict_array(std::vector<AmfValue> v);
  static AmfValue null();
  static AmfValue undefined();

  // The named property, or nullptr; of any kind of value.
  const AmfValue* find(std::string_view name) const;
};

struct AmfProperty {
  std::string name;
  AmfValue value;
};

inline constexpr int kMaxAmfDepth = 16;
inline constexpr std::size_t kMaxAmfValues = 4096;  // in one message

// All values of a message body. An error names the byte and what was wrong there.
Result<std::vector<AmfValue>> read_amf0(ByteView body);
void write_amf0(Bytes& out, const AmfValue& value);
Bytes amf0_body(const std::vector<AmfValue>& values);

}  // namespace kakehashi::rtmp
