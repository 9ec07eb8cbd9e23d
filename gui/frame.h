// SPDX-License-Identifier: GPL-3.0-or-later
// One frame of the desk being drawn: letters, plates, buttons and touch. Drawing goes into one
// ImDrawList; touch is read from ImGuiIO, so tests need no window. Ids of controls are stable words
// ("take", "scene.podium"); they are the focus order (order of drawing) and the item map.
#pragma once

#include <imgui.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/fonts.h"
#include "gui/icons.h"
#include "gui/layout.h"
#include "gui/theme.h"
#include "gui/ui_state.h"
#include "gui/words.h"

namespace kakehashi {

struct PictureRef {
  ImTextureID texture = nullptr;
  float width = 0, height = 0;
};
// Newest picture of a board ("program", "input.<id>", ...), if there is one.
using PictureBook = std::function<std::optional<PictureRef>(std::string_view board)>;

// Lettering. px at 100 %.
struct Ink {
  Face face = Face::Regular;
  int px = 16;
  ImU32 color = theme::kText;
};
enum class Align { Left, Centre, Right };

struct Item {
  std::string id;
  Box box;
  bool enabled = true;
  bool focusable = true;  // false: only a place on the map
};

struct Touch {
  bool hovered = false;
  bool down = false;     // held by pointer or Enter
  bool pressed = false;  // went down in this frame
  bool clicked = false;  // released inside, or its hold came full
  bool focused = false;
  float hold = 0;  // 0..1 of the hold
};

class Frame {
 public:
  Frame(ImDrawList* draw_list, Fonts& fonts_, UiState& ui_, float scale_, double now_)
      : draw(draw_list), fonts(fonts_), ui(ui_), scale(scale_), now(now_), language(ui_.language) {}

  ImDrawList* draw;
  Fonts& fonts;
  UiState& ui;
  float scale;
  double now;        // seconds, steady
  std::string wall;  // "14:48:20"
  Language language;
  PictureBook pictures;
  bool modal = false;  // only touches made while `in_dialog` count
  bool in_dialog = false;
  bool return_held = false;  // a return control is held by pointer or Enter
  std::vector<Item> items;

  float px(float at_100) const;
  std::string_view say(Word w) const { return word(w, language); }
  const std::string& say(const Text& t) const { return t.pick(language); }

  // --- letters
  float width(const Ink& ink, std::string_view text);
  // One line, vertically centred in `box`; ends in … when it does not fit. Returns its width.
  float label(const Box& box, const Ink& ink, std::string_view text, Align align = Align::Left);
  // A hint at the right end of `box`, or nothing: half a hint helps nobody.
  void aside(const Box& box, const Ink& ink, std::string_view text);
  // Wrapped, from the top of the box; at most as many lines as fit. Returns the height used.
  float paragraph(const Box& box, const Ink& ink, std::string_view text);
  std::string fitted(const Ink& ink, std::string_view text, float room);

  // --- shapes
  void fill(const Box& box, ImU32 color, float radius = 0);
  void edge(const Box& box, ImU32 color, float stroke, float radius = 0);
  void dashed(const Box& box, ImU32 color, float stroke, float on = 9, float off = 6);
  void hatch(const Box& box);  // practice
  void panel(const Box& box, Icon icon, std::string_view title, std::string_view hint = {});
  void icon(Icon which, float x, float y, float size, ImU32 color);  // centre, px at 100 %
  void ring(float x, float y, float radius, float part, ImU32 color);
  void picture(const Box& box, const PictureRef& ref);
  // A chip of state: icon and word. Returns its width.
  float chip(float x, float y, Icon icon, std::string_view text, ImU32 ground, ImU32 ink,
             ImU32 edge_color = 0);
  void key_cap(float right, float y, std::string_view key, ImU32 color);  // ends at `right`
  float key_cap_width(std::string_view key);

  // --- touch
  Touch touch(const std::string& id, const Box& box, bool enabled = true, double hold_seconds = 0);
  void focus_ring(const Touch& t, const Box& box, float radius = 6);
  // A plain button: icon (or None) and word, centred. `reason`: shown inside when disabled.
  bool button(const std::string& id, const Box& box, Icon icon, std::string_view text,
              bool enabled = true, std::string_view reason = {});
  // The ground of a button in its state; returns the colour of words on it.
  // The full name beside a control under the pointer or with the focus, when `room` cut it short.
  void whole_name(const Touch& t, const Box& box, const Ink& ink, std::string_view text,
                  float room);
  ImU32 button_ground(const Touch& t, const Box& box, bool enabled, float radius = 6);

  // Scrolled content: wheel over `box` moves it. Call end_scroll with the content's height.
  float begin_scroll(const std::string& id, const Box& box);  // px to add to y
  void end_scroll(const std::string& id, const Box& box, float content);

  // After everything is drawn: moves the focus as the keys asked, forgets a press that ended.
  void finish();

 private:
  bool pointer_over(const Box& box) const;
  std::optional<Box> clip_;
  struct Hint {
    Box box;
    std::string text;
  };
  std::optional<Hint> hint_;  // drawn last, over everything
};

}  // namespace kakehashi
