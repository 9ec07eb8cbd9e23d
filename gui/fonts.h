// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's letters: BIZ UDPGothic regular and bold, BIZ UDGothic for clocks, and Noto Sans CJK JP
// for what they lack. Every size is baked sharp. The atlas holds the desk's own words plus whatever
// names the show brings: a character not seen before makes it stale, and it is built again between
// two frames (about 0.1 s), so any name of the Basic Multilingual Plane shows without baking all
// 28 000 ideographs in every size.
#pragma once

#include <imgui.h>

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace kakehashi {

enum class Face { Regular, Bold, Fixed };

class Fonts {
 public:
  Fonts();
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  // Builds into the current ImGui context's atlas. Missing font files leave ImGui's own font
  // (ASCII only) and a line in the log.
  void build(float scale);
  // Marks the characters of `utf8` as needed.
  void need(std::string_view utf8);
  bool stale() const { return stale_; }

  struct Baked {
    ImFont* font = nullptr;
    float size = 0;  // window pixels
  };
  // The baked size nearest to `px` (at 100 %).
  Baked get(Face face, int px) const;

 private:
  struct File;  // mapped
  struct Cut {
    Face face;
    int px;
    ImFont* font;
  };
  File* file(const char* name);
  void add(Face face, int px, float scale);

  std::vector<File*> files_;
  std::vector<Cut> cuts_;
  std::bitset<0x10000> needed_;
  std::vector<ImWchar> ranges_;
  bool stale_ = true;
  float scale_ = 1;
};

}  // namespace kakehashi
