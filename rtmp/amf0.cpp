// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/amf0.h"

#include <bit>

namespace kakehashi::rtmp {
namespace {

// Type markers, AMF 0 section 2.1.
enum Marker : std::uint8_t {
  kNumber = 0,
  kBoolean = 1,
  kString = 2,
  kObject = 3,
  kNull = 5,
  kUndefined = 6,
  kEcmaArray = 8,
  kObjectEnd = 9,
  kStrictArray = 10,
  kDate = 11,
  kLongString = 12,
  kUnsupported = 13,
  kXmlDocument = 15,
  kTypedObject = 16,
};

class Reader {
 public:
  explicit Reader(ByteView body) : body_(body) {}

  bool at_end() const { return at_ == body_.size(); }
  const std::string& fault() const { return fault_; }

  bool value(AmfValue& out, int depth) {
    if (depth > kMaxAmfDepth) return fail("values nested deeper than 16");
    if (++values_ > kMaxAmfValues) return fail("more than 4096 values");
    if (!need(1)) return false;
    const std::uint8_t marker = body_[at_++];
    switch (marker) {
      case kNumber:
        out.kind = AmfKind::Number;
        return number(out.number);
      case kBoolean:
        if (!need(1)) return false;
        out.kind = AmfKind::Boolean;
        out.boolean = body_[at_++] != 0;
        return true;
      case kString:
        out.kind = AmfKind::String;
        return text(out.text, 2);
      case kLongString:
      case kXmlDocument:
        out.kind = AmfKind::String;
        return text(out.text, 4);
      case kTypedObject: {
        std::string class_name;
        if (!text(class_name, 2)) return false;
        out.kind = AmfKind::Object;
        return properties(out, depth);
      }
      case kObject:
        out.kind = AmfKind::Object;
        return properties(out, depth);
      case kEcmaArray:
        if (!need(4)) return false;
        at_ += 4;  // the count is only a hint (2.10); writers get it wrong, the end marker decides
        out.kind = AmfKind::EcmaArray;
        return properties(out, depth);
      case kStrictArray:
        return items(out, depth);
      case kDate:
        out.kind = AmfKind::Date;
        if (!number(out.number) || !need(2)) return false;
        at_ += 2;
        return true;
      case kNull:
        out.kind = AmfKind::Null;
        return true;
      case kUndefined:
      case kUnsupported:
        out.kind = AmfKind::Undefined;
        return true;
      default:
        --at_;
        return fail("unknown AMF0 marker " + std::to_string(marker));
    }
  }

 private:
  bool fail(const std::string& what) {
    if (fault_.empty()) fault_ = "byte " + std::to_string(at_) + ": " + what;
    return false;
  }
  bool need(std::size_t n) {
    return body_.size() - at_ >= n || fail("the message ends inside a value");
  }
  bool number(double& out) {
    if (!need(8)) return false;
    const std::uint64_t bits =
        (static_cast<std::uint64_t>(read_be32(&body_[at_])) << 32) | read_be32(&body_[at_ + 4]);
    out = std::bit_cast<double>(bits);
    at_ += 8;
    return true;
  }
  bool text(std::string& out, std::size_t length_bytes) {
    if (!need(length_bytes)) return false;
    const std::size_t n = length_bytes == 2 ? read_be16(&body_[at_]) : read_be32(&body_[at_]);
    at_ += length_bytes;
    if (!need(n)) return false;
    const auto bytes = body_.subspan(at_, n);
    out.assign(bytes.begin(), bytes.end());
    at_ += n;
    return true;
  }
  bool properties(AmfValue& out, int depth) {
    for (;;) {
      AmfProperty p;
      if (!text(p.name, 2) || !need(1)) return false;
      if (p.name.empty() && body_[at_] == kObjectEnd) {
        ++at_;
        return true;
      }
      if (!value(p.value, depth + 1)) return false;
      out.properties.push_back(std::move(p));
    }
  }
  bool items(AmfValue& out, int depth) {
    out.kind = AmfKind::StrictArray;
    if (!need(4)) return false;
    const std::uint32_t count = read_be32(&body_[at_]);
    at_ += 4;
    for (std::uint32_t i = 0; i < count; ++i) {  // each value takes a byte, so this ends
      AmfValue v;
      if (!value(v, depth + 1)) return false;
      out.items.push_back(std::move(v));
    }
    return true;
  }

  ByteView body_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
  std::string fault_;
};

void put_number(Bytes& out, double v) {
  const auto bits = std::bit_cast<std::uint64_t>(v);
  put_be32(out, static_cast<std::uint32_t>(bits >> 32));
  put_be32(out, static_cast<std::uint32_t>(bits));
}
void put_name(Bytes& out, const std::string& name) {
  const std::size_t n = name.size() < 65535 ? name.size() : 65535;
  put_be16(out, static_cast<std::uint32_t>(n));
  out.insert(out.end(), name.begin(), name.begin() + static_cast<std::ptrdiff_t>(n));
}
void put_properties(Bytes& out, const std::vector<AmfProperty>& properties) {
  for (const AmfProperty& p : properties) {
    put_name(out, p.name);
    write_amf0(out, p.value);
  }
  put_be16(out, 0);
  out.push_back(kObjectEnd);
}

}  // namespace

AmfValue AmfValue::of(double v) {
  AmfValue a;
  a.kind = AmfKind::Number;
  a.number = v;
  return a;
}
AmfValue AmfValue::of(bool v) {
  AmfValue a;
  a.kind = AmfKind::Boolean;
  a.boolean = v;
  return a;
}
AmfValue AmfValue::of(std::string v) {
  AmfValue a;
  a.kind = AmfKind::String;
  a.text = std::move(v);
  return a;
}
AmfValue AmfValue::of(const char* v) { return of(std::string(v)); }
AmfValue AmfValue::null() { return {}; }
AmfValue AmfValue::object(std::vector<AmfProperty> p) {
  AmfValue a;
  a.kind = AmfKind::Object;
  a.properties = std::move(p);
  return a;
}
AmfValue AmfValue::ecma_array(std::vector<AmfProperty> p) {
  AmfValue a = object(std::move(p));
  a.kind = AmfKind::EcmaArray;
  return a;
}
AmfValue AmfValue::strict_array(std::vector<AmfValue> v) {
  AmfValue a;
  a.kind = AmfKind::StrictArray;
  a.items = std::move(v);
  return a;
}
AmfValue AmfValue::undefined() {
  AmfValue a;
  a.kind = AmfKind::Undefined;
  return a;
}

const AmfValue* AmfValue::find(std::string_view name) const {
  for (const AmfProperty& p : properties)
    if (p.name == name) return &p.value;
  return nullptr;
}

Result<std::vector<AmfValue>> read_amf0(ByteView body) {
  Reader reader(body);
  std::vector<AmfValue> values;
  while (!reader.at_end()) {
    AmfValue v;
    if (!reader.value(v, 1)) return Error{ErrorKind::FixInput, "AMF0 " + reader.fault()};
    values.push_back(std::move(v));
  }
  return values;
}

void write_amf0(Bytes& out, const AmfValue& v) {
  switch (v.kind) {
    case AmfKind::Number:
      out.push_back(kNumber);
      put_number(out, v.number);
      return;
    case AmfKind::Boolean:
      out.push_back(kBoolean);
      out.push_back(v.boolean ? 1 : 0);
      return;
    case AmfKind::String:
      if (v.text.size() > 65535) {
        out.push_back(kLongString);
        put_be32(out, static_cast<std::uint32_t>(v.text.size()));
        out.insert(out.end(), v.text.begin(), v.text.end());
        return;
      }
      out.push_back(kString);
      put_name(out, v.text);
      return;
    case AmfKind::Object:
      out.push_back(kObject);
      put_properties(out, v.properties);
      return;
    case AmfKind::EcmaArray:
      out.push_back(kEcmaArray);
      put_be32(out, static_cast<std::uint32_t>(v.properties.size()));
      put_properties(out, v.properties);
      return;
    case AmfKind::StrictArray:
      out.push_back(kStrictArray);
      put_be32(out, static_cast<std::uint32_t>(v.items.size()));
      for (const AmfValue& item : v.items) write_amf0(out, item);
      return;
    case AmfKind::Date:
      out.push_back(kDate);
      put_number(out, v.number);
      put_be16(out, 0);
      return;
    case AmfKind::Null:
      out.push_back(kNull);
      return;
    case AmfKind::Undefined:
      out.push_back(kUndefined);
      return;
  }
}

Bytes amf0_body(const std::vector<AmfValue>& values) {
  Bytes out;
  for (const AmfValue& v : values) write_amf0(out, v);
  return out;
}

}  // namespace kakehashi::rtmp
