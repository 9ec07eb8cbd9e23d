// SPDX-License-Identifier: GPL-3.0-or-later
// One person's words in a box: name, its reading above it, organisation and title. Sizes are those
// of a 1080 line canvas times `unit`. Prep thread.
//
// A viewer on a telephone needs 72 px for a name, 48 for the organisation, 36 for the reading; what
// is smaller than the floors below cannot be read there at all. Where a box is too small for all
// three, the reading is left out first: it says nothing that the name does not say, while nothing
// else says who the person is; and at less than 36 px it would be a blur. Then the letters become
// smaller, then it is an overflow.
#pragma once

#include <memory>
#include <vector>

#include "core/overlay.h"
#include "mixer/painter_text.h"

namespace kakehashi {

struct NameSizes {
  static constexpr double kName = 72, kNameFloor = 48;
  static constexpr double kAffiliation = 48, kAffiliationFloor = 36;
  static constexpr double kKana = 36;
};

enum class NameForm : std::uint8_t { Beside, Below };  // where the affiliation stands

// What a block is to look like; the blocks of a row share one.
struct NameStyle {
  NameForm form = NameForm::Beside;
  bool kana = true;
  bool kana_room = false;  // room for a reading also above a name without one: in a row with others
  double name = NameSizes::kName;  // at most
  double affiliation = NameSizes::kAffiliation;
};

class NameBlock {
 public:
  // `room`: inside the plate's padding, pixels.
  NameBlock(const Person& person, double room_w, double room_h, double unit,
            const NameStyle& style);

  double width() const { return width_; }
  double height() const { return height_; }
  const NameStyle& style() const { return style_; }  // with the sizes it came to
  double score() const;  // higher is better to read; below 0: something overflows
  // Top left of the room; a block as high as `height` (blocks of a row: the highest one's) stands
  // in the middle of it.
  void draw(const PaintCanvas& canvas, double x, double y, double height) const;
  void draw(const PaintCanvas& canvas, double x, double y) const { draw(canvas, x, y, height_); }

 private:
  void fit_name(double room_w, double room_h);
  double empty_kana() const;  // height of the room kept free

  Person person_;
  double room_w_, room_h_, unit_;
  NameStyle style_;
  double name_room_ = 0, width_ = 0, height_ = 0;
  Fit name_fit_ = Fit::Whole;
  std::unique_ptr<NameText> name_;
  std::unique_ptr<FittedText> affiliation_;
};

// The style in which this person is best read in this room.
NameStyle best_style(const Person& person, double room_w, double room_h, double unit);

}  // namespace kakehashi
