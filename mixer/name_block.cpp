// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/name_block.h"

#include <algorithm>

#include "mixer/painter_parts.h"

namespace kakehashi {
namespace {

constexpr double kGapBeside = 36, kGapBelow = 4;  // between name and affiliation
constexpr double kNameShare = 0.6;                // of the room, beside an affiliation
constexpr double kLeast = 0.7;  // of the floor: a name that does not fit is painted so small

}  // namespace

NameBlock::NameBlock(const Person& person, double room_w, double room_h, double unit,
                     const NameStyle& style)
    : person_(person),
      room_w_(std::max(2.0, room_w)),
      room_h_(std::max(2.0, room_h)),
      unit_(unit),
      style_(style) {
  const bool alone = person.affiliation.empty();
  const bool beside = !alone && style.form == NameForm::Beside;
  const bool below = !alone && !beside;
  name_room_ = beside ? room_w_ * kNameShare : room_w_;
  const double kana =
      style.kana && !person.kana.empty() ? NameSizes::kKana * NameText::kKanaRow : 0;
  const double affiliation_least = below ? NameSizes::kAffiliationFloor + kGapBelow : 0;
  fit_name(name_room_, room_h_ - (kana + affiliation_least) * unit);
  width_ = std::min(name_->width(), name_room_);
  height_ = empty_kana() + name_->height();
  if (alone) return;
  const double left = beside ? std::max(2.0, room_w_ - width_ - kGapBeside * unit) : room_w_;
  const double high = beside ? room_h_ : room_h_ - height_ - kGapBelow * unit;
  affiliation_ = std::make_unique<FittedText>(
      person.affiliation,
      FittedText::Wish{.size = std::max(style_.affiliation, NameSizes::kAffiliationFloor) * unit,
                       .floor = NameSizes::kAffiliationFloor * unit,
                       .width = left,
                       .height = std::max(2.0, high) * FittedText::kOneLine,
                       .wrap = true,
                       .most_lines = 3});
  style_.affiliation = affiliation_->size() / unit;
  width_ = beside ? width_ + kGapBeside * unit + affiliation_->width()
                  : std::max(width_, affiliation_->width());
  if (below) height_ += kGapBelow * unit + affiliation_->height() / FittedText::kOneLine;
}

// The largest name that leaves the others their floors.
void NameBlock::fit_name(double room_w, double room_h) {
  const double kana = style_.kana ? NameSizes::kKana * unit_ : 0;
  const double wish = style_.name * unit_, floor = NameSizes::kNameFloor * unit_;
  double size = std::clamp(room_h / NameText::kNameRow, std::min(floor, wish), wish);
  name_fit_ = room_h + 0.01 < floor ? Fit::Overflow : Fit::Whole;
  for (int again = 0; again < 4; ++again) {
    name_ = std::make_unique<NameText>(person_.name, person_.kana, size, kana);
    if (name_->width() <= room_w || size <= floor * kLeast) break;
    size = std::max(floor * kLeast, size * room_w / name_->width() - 0.25);
  }
  if (name_->width() > room_w + 1 || size < floor - 0.01) name_fit_ = Fit::Overflow;
  if (name_fit_ == Fit::Whole && size < NameSizes::kName * unit_ - 0.01) name_fit_ = Fit::Shrunk;
  style_.name = size / unit_;
}

double NameBlock::empty_kana() const {
  return style_.kana && style_.kana_room && person_.kana.empty()
             ? NameSizes::kKana * NameText::kKanaRow * unit_
             : 0;
}

double NameBlock::score() const {
  double score = 3 * style_.name / NameSizes::kName;
  const double squeeze = std::min(1.0, name_room_ / std::max(1.0, name_->width())) *
                         std::min(1.0, room_h_ / std::max(1.0, height_));
  if (name_fit_ == Fit::Overflow) score -= 10 + 10 * (1 - squeeze);
  if (affiliation_) {
    score += 2 * style_.affiliation / NameSizes::kAffiliation;
    if (affiliation_->fit() == Fit::Overflow) score -= 7 + 7 * (1 - affiliation_->squeeze());
    if (affiliation_->fit() == Fit::Broken)
      score -= 0.2 * (affiliation_->lines() - 1) + 0.015 * affiliation_->worst_break();
  }
  return score + (style_.kana && !person_.kana.empty() ? 0.8 : 0);
}

void NameBlock::draw(const PaintCanvas& canvas, double x, double y, double height) const {
  const bool beside = affiliation_ && style_.form == NameForm::Beside;
  if (PaintNotes* notes = PaintNotes::taken(); notes && !style_.kana && !person_.kana.empty())
    notes->add({PaintNote::Kind::LeftOut, {}, {}, person_.kana, {}, 0, 0, {}});
  cairo_t* cr = canvas.cairo();
  cairo_save(cr);
  const double squash = std::min(1.0, room_h_ / height_);
  double top = y + std::max(0.0, (room_h_ - height) / 2);
  if (squash < 1) {  // an overflow: to be seen at all
    cairo_translate(cr, 0, top);
    cairo_scale(cr, 1, squash);
    top = 0;
  }
  top += empty_kana();
  name_->draw(canvas, x, top, kWhite, kSecondary, name_room_, name_fit_,
              NameSizes::kNameFloor * unit_);
  const double low = top + name_->height();
  if (beside) {
    const double at = x + std::min(name_->width(), name_room_) + kGapBeside * unit_;
    canvas.box(at - kGapBeside / 2 * unit_ - unit_, y + room_h_ * 0.1, 2 * unit_, room_h_ * 0.8,
               Colour::rgb(0xD5DEE6, 0.6));
    // One line stands on the name's own line.
    const double size = affiliation_->size();
    affiliation_->draw(canvas, at,
                       affiliation_->lines() > 1 ? y + (room_h_ - affiliation_->height()) / 2
                                                 : low - name_->size() * 0.11 - size * 0.93,
                       kSecondary);
  } else if (affiliation_) {
    affiliation_->draw(canvas, x, low + kGapBelow * unit_ - affiliation_->size() * 0.05,
                       kSecondary);
  }
  cairo_restore(cr);
}

NameStyle best_style(const Person& person, double room_w, double room_h, double unit) {
  NameStyle best;
  double most = -1e9;
  const bool alone = person.affiliation.empty();
  // A tall box has room for everything below each other; a flat one for what stands beside.
  const NameForm usual = room_h >= 164 * unit ? NameForm::Below : NameForm::Beside;
  const NameForm other = usual == NameForm::Below ? NameForm::Beside : NameForm::Below;
  for (const bool kana : {true, false}) {
    if (!kana && person.kana.empty()) break;
    for (const NameForm form : {usual, other})
      // A long affiliation makes the name beside it give way.
      for (const double name : {NameSizes::kName, 60.0}) {
        const NameStyle style{.form = form, .kana = kana, .name = name};
        const double score = NameBlock(person, room_w, room_h, unit, style).score();
        if (score > most + 0.01) {
          most = score;
          best = style;
        }
        if (score >= 5.79 || (alone && score >= 3)) return best;
        if (alone || form == NameForm::Below) break;
      }
  }
  return best;
}

}  // namespace kakehashi
