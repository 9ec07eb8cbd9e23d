// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/amf0.h"

#include <doctest/doctest.h>

#include <limits>

using namespace kakehashi;
using namespace kakehashi::rtmp;

namespace {

Bytes bytes(std::initializer_list<int> v) {
  Bytes b;
  for (int x : v) b.push_back(static_cast<std::uint8_t>(x));
  return b;
}
std::string fault_of(const Bytes& b) {
  auto r = read_amf0(b);
  return r ? "no fault" : r.error().message;
}

}  // namespace

TEST_CASE("Every kind of value survives writing and reading") {
  const std::vector<AmfValue> sent = {
      AmfValue::of(-1.5),
      AmfValue::of(true),
      AmfValue::of("架け橋"),
      AmfValue::of(std::string(70000, 'x')),
      AmfValue::null(),
      AmfValue::undefined(),
      AmfValue::object({{"a", AmfValue::of(1.0)}, {"b", AmfValue::object({})}}),
      AmfValue::ecma_array({{"width", AmfValue::of(1920.0)}}),
      AmfValue::strict_array({AmfValue::of("one"), AmfValue::of(2.0)}),
  };
  const auto got = read_amf0(amf0_body(sent));
  REQUIRE(got.ok());
  REQUIRE(got->size() == sent.size());
  CHECK((*got)[0].number == -1.5);
  CHECK((*got)[1].boolean);
  CHECK((*got)[2].text == "架け橋");
  CHECK((*got)[3].text.size() == 70000);
  CHECK((*got)[4].kind == AmfKind::Null);
  CHECK((*got)[5].kind == AmfKind::Undefined);
  REQUIRE((*got)[6].find("a"));
  CHECK((*got)[6].find("a")->number == 1.0);
  CHECK((*got)[6].find("b")->kind == AmfKind::Object);
  CHECK((*got)[6].find("c") == nullptr);
  CHECK((*got)[7].kind == AmfKind::EcmaArray);
  CHECK((*got)[7].find("width")->number == 1920);
  CHECK((*got)[8].items.at(1).number == 2.0);
}

TEST_CASE("The bytes are those of the AMF 0 document") {
  CHECK(amf0_body({AmfValue::of(1.0)}) == bytes({0, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0}));
  CHECK(amf0_body({AmfValue::of("hi")}) == bytes({2, 0, 2, 'h', 'i'}));
  CHECK(amf0_body({AmfValue::object({{"k", AmfValue::null()}})}) ==
        bytes({3, 0, 1, 'k', 5, 0, 0, 9}));
}

TEST_CASE("A wrong count in an ECMA array does no harm") {
  const auto r = read_amf0(bytes({8, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 'k', 1, 1, 0, 0, 9}));
  REQUIRE(r.ok());
  CHECK(r->at(0).find("k")->boolean);
}

TEST_CASE("Broken bodies are refused with the place") {
  CHECK(fault_of(bytes({0, 1, 2})) == "AMF0 byte 1: the message ends inside a value");
  CHECK(fault_of(bytes({2, 0, 9, 'x'})) == "AMF0 byte 3: the message ends inside a value");
  CHECK(fault_of(bytes({5, 99})) == "AMF0 byte 1: unknown AMF0 marker 99");
  CHECK(fault_of(bytes({3, 0, 1, 'k'})).starts_with("AMF0 byte 4"));
  CHECK(fault_of(bytes({10, 0xFF, 0xFF, 0xFF, 0xFF, 5})).starts_with("AMF0 byte 6"));
}

TEST_CASE("Depth and number of values are limited") {
  AmfValue deep = AmfValue::null();
  for (int i = 0; i < 15; ++i) deep = AmfValue::object({{"x", deep}});
  CHECK(read_amf0(amf0_body({deep})).ok());
  deep = AmfValue::object({{"x", deep}});
  CHECK(fault_of(amf0_body({deep})).find("deeper than 16") != std::string::npos);
  CHECK(fault_of(Bytes(5000, 5)).find("more than 4096") != std::string::npos);
}
