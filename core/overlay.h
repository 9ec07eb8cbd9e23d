// SPDX-License-Identifier: GPL-3.0-or-later
// What is laid over the picture, and the cards that stand in its place. An overlay is a row of the
// table in core/overlay_kind.h; its settings are that row's fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/layer.h"
#include "core/settings.h"
#include "core/text.h"
#include "core/time.h"

namespace kakehashi {

struct Person {
  std::string name;         // 氏名
  std::string kana;         // ふりがな, may be empty
  std::string affiliation;  // 所属・肩書, may be empty
  friend bool operator==(const Person&, const Person&) = default;
};

struct Overlay {
  std::string id;
  std::string kind = "name_title";
  Text label;                  // what the desk calls it
  std::vector<Person> people;  // for kinds that name people
  Settings settings;           // the kind's own
  Rect rect;  // pixels of the canvas; without area: the place the scene's layout has for this kind
  Duration fade = Duration::milliseconds(250);
  std::optional<Duration> hold;  // goes off by itself after this; zero stays; none: the kind's own
  friend bool operator==(const Overlay&, const Overlay&) = default;
};

enum class CardKind : std::uint8_t { Other, Opening, Soon, Break, Trouble, Ending };

struct HoldingCard {
  std::string id;
  CardKind kind = CardKind::Other;
  std::string title;  // しばらくお待ちください
  std::string body;
  std::string contact;       // organisation, telephone
  std::string phone;         // shown large, may be empty
  std::string url;           // shown large, may be empty
  bool qr = false;           // the url also as a QR code
  std::string countdown_to;  // local time "14:00" or "2026-11-22T14:00"; empty: no countdown
  std::string logo;          // picture file, relative to the event; may be empty
  std::uint32_t background = 0x22384A;  // 0xRRGGBB
  friend bool operator==(const HoldingCard&, const HoldingCard&) = default;
};

}  // namespace kakehashi
