// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter_columns.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "mixer/line_break.h"
#include "mixer/name_block.h"
#include "mixer/painter_parts.h"

namespace kakehashi {
namespace {

constexpr double kSpace = 0.4;  // of the size: between the parts of a name
constexpr double kBaseline = 0.88;

bool ascii_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool latin(char32_t c) {
  return (c > 0x20 && c < 0x7F && !ascii_digit(c)) || (c >= 0xA1 && c <= 0x24F);
}
bool is_space(char32_t c) { return c == U' ' || c == U'　' || c == 0xA0 || c == U'\n'; }

}  // namespace

std::vector<ColumnCell> column_cells(const std::string& words) {
  const auto points = code_points(words);
  std::vector<ColumnCell> cells;
  const auto slice = [&](std::size_t from, std::size_t to) {
    const std::size_t end = to < points.size() ? points[to].at : words.size();
    return words.substr(points[from].at, end - points[from].at);
  };
  for (std::size_t i = 0; i < points.size();) {
    std::size_t end = i + 1;
    ColumnCell cell;
    if (is_space(points[i].value)) {
      cell.stand = ColumnCell::Stand::Space;
    } else if (ascii_digit(points[i].value)) {
      while (end < points.size() && ascii_digit(points[end].value)) ++end;
      if (end - i == 2) {
        cell.stand = ColumnCell::Stand::Together;
      } else {  // one below the other, as 二〇二六 would stand
        for (; i + 1 < end; ++i) cells.push_back({ColumnCell::Stand::Upright, slice(i, i + 1)});
      }
    } else if (latin(points[i].value)) {
      while (end < points.size() &&
             (latin(points[end].value) || (points[end].value == U' ' && end + 1 < points.size() &&
                                           latin(points[end + 1].value))))
        ++end;
      const bool initial = end - i == 1 && ((points[i].value | 0x20U) >= U'a') &&
                           ((points[i].value | 0x20U) <= U'z');
      cell.stand = initial ? ColumnCell::Stand::Upright : ColumnCell::Stand::Lying;
    } else {
      while (end < points.size() && is_combining(points[end].value)) ++end;
    }
    cell.words = slice(i, end);
    cells.push_back(std::move(cell));
    i = end;
  }
  return cells;
}

ColumnText::ColumnText(const std::string& words, double size, bool bold)
    : words_(valid_utf8(words)), size_(size), bold_(bold), missing_(missing_letters(words_)) {
  for (ColumnCell& cell : column_cells(words_)) {
    Placed placed{std::move(cell), nullptr, size, size};
    if (placed.cell.stand == ColumnCell::Stand::Space) {
      placed.height = kSpace * size;
    } else {
      placed.layout = new_layout(Face::Columns, size, bold);
      set_words(placed.layout.get(), placed.cell.words, 0);
      if (placed.cell.stand == ColumnCell::Stand::Upright) {
        // The vertical forms of 、。ー「」 are drawn for a place of one em, also beside each other.
        PangoAttrList* attributes = pango_layout_get_attributes(placed.layout.get());
        pango_attr_list_insert(attributes, pango_attr_font_features_new("vert=1"));
        pango_layout_set_attributes(placed.layout.get(), attributes);
        pango_layout_context_changed(placed.layout.get());
      }
      PangoRectangle logical;
      pango_layout_get_extents(placed.layout.get(), nullptr, &logical);
      placed.width = static_cast<double>(logical.width) / PANGO_SCALE;
      if (placed.cell.stand == ColumnCell::Stand::Lying) placed.height = placed.width;
    }
    height_ += placed.height;
    cells_.push_back(std::move(placed));
  }
}

void ColumnText::draw(const PaintCanvas& canvas, double x, double y, double apart, double most,
                      Colour colour) const {
  cairo_t* cr = canvas.cairo();
  cairo_save(cr);
  canvas.set(colour);
  cairo_translate(cr, x, y);
  const double whole = height_ + apart * letters();
  if (whole > most) cairo_scale(cr, 1, most / whole);
  double at = apart / 2;
  for (const Placed& p : cells_) {
    cairo_save(cr);
    if (p.layout) {
      PangoLayoutLine* line = pango_layout_get_line_readonly(p.layout.get(), 0);
      if (p.cell.stand == ColumnCell::Stand::Lying) {
        cairo_translate(cr, 0, at);
        cairo_rotate(cr, std::numbers::pi / 2);
        cairo_move_to(cr, 0, size_ * (kBaseline - 0.5));
      } else {
        const double narrow = std::min(1.0, size_ / std::max(1.0, p.width));
        cairo_translate(cr, -p.width * narrow / 2, at + kBaseline * size_);
        cairo_scale(cr, narrow, 1);
        cairo_move_to(cr, 0, 0);
      }
      pango_cairo_show_layout_line(cr, line);
    }
    cairo_restore(cr);
    at += p.height + apart;
  }
  cairo_restore(cr);
}

namespace {

// One person: columns from the right, all starting at the top of the room.
class PersonColumns {
 public:
  PersonColumns(const Person& person, double room_w, double room_h, double unit)
      : person_(person), room_h_(room_h), unit_(unit) {
    const double wish = NameSizes::kName * unit, floor = NameSizes::kNameFloor * unit;
    for (const bool kana : {true, false}) {
      kana_ = kana && !person.kana.empty();
      const double fixed =
          (kana_ ? NameSizes::kKana * unit : 0) +
          (person.affiliation.empty() ? 0 : (NameSizes::kAffiliationFloor + kGap) * unit);
      name_size_ = std::clamp(room_w - fixed, floor, wish);
      if (kana_ && room_w - fixed < floor) continue;  // too narrow for the reading
      break;
    }
    for (int again = 0; again < 4; ++again) {
      build();
      if (height_ <= room_h || name_size_ <= floor) break;
      name_size_ = std::max(floor, name_size_ * room_h / height_ - 0.25);
    }
    name_fit_ = height_ > room_h + 1       ? Fit::Overflow
                : name_size_ < wish - 0.01 ? Fit::Shrunk
                                           : Fit::Whole;
    if (!person.affiliation.empty()) {
      const double widest = room_w - name_size_ - kana_width() - kGap * unit;
      double size =
          std::clamp(widest, NameSizes::kAffiliationFloor * unit, NameSizes::kAffiliation * unit);
      affiliation_ = std::make_unique<ColumnText>(person.affiliation, size, false);
      if (affiliation_->height() > room_h) {
        size =
            std::max(NameSizes::kAffiliationFloor * unit, size * room_h / affiliation_->height());
        affiliation_ = std::make_unique<ColumnText>(person.affiliation, size, false);
      }
    }
  }

  double width() const {
    return name_size_ + kana_width() + (affiliation_ ? affiliation_->size() + kGap * unit_ : 0);
  }
  double height() const {
    return std::min(room_h_, std::max(height_, affiliation_ ? affiliation_->height() : 0));
  }

  // `right`: where the first column begins.
  void draw(const PaintCanvas& canvas, double right, double y) const {
    if (PaintNotes* notes = PaintNotes::taken(); notes && !kana_ && !person_.kana.empty())
      notes->add({PaintNote::Kind::LeftOut, {}, {}, person_.kana, {}, 0, 0, {}});
    if (affiliation_) {
      const double size = affiliation_->size();
      note_or_draw(canvas, *affiliation_, person_.affiliation, right - size / 2, y, 0, room_h_,
                   NameSizes::kAffiliationFloor * unit_, NameSizes::kAffiliation * unit_,
                   kSecondary);
      right -= size + kGap * unit_;
    }
    const double middle = right - kana_width() - name_size_ / 2;
    if (PaintNotes* notes = PaintNotes::taken()) {
      std::vector<MissingLetter> missing =
          missing_letters(person_.name + (kana_ ? person_.kana : ""));
      notes->add(
          {PaintNote::Kind::Text,
           {middle - name_size_ / 2, y, name_size_ + kana_width(), std::min(height_, room_h_)},
           kWhite,
           person_.name,
           name_fit_,
           name_size_,
           NameSizes::kNameFloor * unit_,
           std::move(missing)});
      return;
    }
    cairo_t* cr = canvas.cairo();
    cairo_save(cr);
    cairo_translate(cr, 0, y);
    if (height_ > room_h_) cairo_scale(cr, 1, room_h_ / height_);
    double at = 0;
    for (const Part& p : parts_) {
      const auto spread = [&](const ColumnText& t) {
        return t.letters() > 0 ? (p.height - t.height()) / t.letters() : 0;
      };
      p.name->draw(canvas, middle, at, spread(*p.name), 1e9, kWhite);
      if (p.kana)
        p.kana->draw(canvas, right - kana_width() / 2, at, spread(*p.kana), 1e9, kSecondary);
      at += p.height + kSpace * name_size_;
    }
    cairo_restore(cr);
  }

  static constexpr double kGap = 14;

 private:
  struct Part {
    std::unique_ptr<ColumnText> name, kana;
    double height = 0;
  };

  double kana_width() const { return kana_ ? NameSizes::kKana * unit_ : 0; }
  void build() {
    std::vector<std::string> names = name_parts(person_.name), kanas = name_parts(person_.kana);
    if (kana_ && names.size() != kanas.size()) {
      names = {person_.name};
      kanas = {person_.kana};
    }
    parts_.clear();
    height_ = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      Part part;
      part.name = std::make_unique<ColumnText>(names[i], name_size_, true);
      part.height = part.name->height();
      if (kana_) {
        part.kana = std::make_unique<ColumnText>(kanas[i], NameSizes::kKana * unit_, false);
        part.height = std::max(part.height, part.kana->height());
      }
      height_ += part.height + (i > 0 ? kSpace * name_size_ : 0);
      parts_.push_back(std::move(part));
    }
  }
  static void note_or_draw(const PaintCanvas& canvas, const ColumnText& text,
                           const std::string& words, double x, double y, double apart, double most,
                           double floor, double wish, Colour colour) {
    if (PaintNotes* notes = PaintNotes::taken()) {
      const Fit fit = text.height() > most + 1    ? Fit::Overflow
                      : text.size() < wish - 0.01 ? Fit::Shrunk
                                                  : Fit::Whole;
      notes->add({PaintNote::Kind::Text,
                  {x - text.size() / 2, y, text.size(), std::min(most, text.height())},
                  colour,
                  words,
                  fit,
                  text.size(),
                  floor,
                  text.missing()});
      return;
    }
    text.draw(canvas, x, y, apart, most, colour);
  }

  const Person& person_;
  double room_h_, unit_, name_size_ = 0, height_ = 0;
  bool kana_ = false;
  Fit name_fit_ = Fit::Whole;
  std::vector<Part> parts_;
  std::unique_ptr<ColumnText> affiliation_;
};

}  // namespace

Result<std::shared_ptr<const OverlayImage>> paint_name_columns(const std::vector<Person>& people,
                                                               const Rect& rect, double unit) {
  const PaintCanvas paint(rect.w, rect.h);
  if (people.empty()) return paint.to_overlay(rect);
  const auto count = static_cast<double>(people.size());
  const double side = 20 * unit, above = 24 * unit;
  const double cell = rect.w / count;
  const double room_w = std::max(2.0, cell - 2 * side), room_h = std::max(2.0, rect.h - 2 * above);
  double high = 0;
  std::vector<std::unique_ptr<PersonColumns>> all;
  for (const Person& p : people) {
    all.push_back(std::make_unique<PersonColumns>(p, room_w, room_h, unit));
    high = std::max(high, all.back()->height());
  }
  const double plate_h = std::min<double>(rect.h, high + 2 * above);
  for (std::size_t i = 0; i < all.size(); ++i) {
    // The first is at the right, as the list is read aloud.
    const double middle = rect.w - cell * (static_cast<double>(i) + 0.5);
    const double wide = std::min(cell, all[i]->width() + 2 * side);
    const double right = all.size() == 1 ? rect.w : middle + wide / 2;
    paint.rounded_box(right - wide, 0, wide, plate_h, std::min(6 * unit, plate_h / 2), kPlate);
    paint.box(right - wide, 0, wide, 8 * unit, kAccent);
    all[i]->draw(paint, right - side, above);
  }
  Rect where = rect;
  where.h = std::min(rect.h, (static_cast<int>(std::ceil(plate_h)) + 1) & ~1);
  return paint.to_overlay(where);
}

}  // namespace kakehashi
