// SPDX-License-Identifier: GPL-3.0-or-later
// What people read from the tables is there in both languages.
#include <doctest/doctest.h>

#include "capture/source_kind.h"
#include "core/layout_table.h"
#include "core/overlay_kind.h"
#include "core/transition.h"
#include "encoder/output.h"

namespace kakehashi {
namespace {

void complete(const std::string& where, const Text& text) {
  CAPTURE(where);
  CHECK_FALSE(text.ja.empty());
  CHECK_FALSE(text.en.empty());
}

void complete(const std::string& where, const KindTable& table) {
  CHECK(table.size() > 1);
  for (const KindDescription& kind : table) {
    complete(where + " " + kind.name, kind.label);
    for (const SettingField& field : kind.fields)
      complete(where + " " + kind.name + "." + field.name, field.label);
  }
}

}  // namespace

TEST_CASE("every row and every setting has its words in both languages") {
  complete("source", source_kind_table());
  complete("output", output_kind_table());
  complete("overlay", overlay_kind_table());
  for (const LayoutRow& row : layouts()) complete("layout " + row.id, row.name);
  for (const TransitionRow& row : kTransitions)
    complete("transition " + std::string(row.name), Text{std::string(row.ja), std::string(row.en)});
}

}  // namespace kakehashi
