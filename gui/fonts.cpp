// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/fonts.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "core/log.h"
#include "gui/words.h"

namespace kakehashi {
namespace {

namespace fs = std::filesystem;

// hhea ascender - descender of Noto Sans CJK is 1.448 em, of BIZ UD 1.000 em; ImGui sizes a font by
// that height, so Noto must be asked for this much larger to come out at the same em.
constexpr float kNotoHeight = 1.448F;

constexpr int kRegularSizes[] = {16, 18, 20};
constexpr int kBoldSizes[] = {16, 18, 20, 24, 28, 36};
constexpr int kFixedSizes[] = {18, 24, 28, 34};

std::vector<std::string> font_folders() {
  std::vector<std::string> folders;
  if (const char* own = std::getenv("KAKEHASHI_FONTS")) folders.emplace_back(own);
  folders.emplace_back("/usr/share/fonts");
  folders.emplace_back("/usr/local/share/fonts");
  if (const char* home = std::getenv("HOME"))
    folders.push_back(std::string(home) + "/.local/share/fonts");
  return folders;
}

std::string find_font(const std::string& name) {
  for (const std::string& folder : font_folders()) {
    std::error_code ec;
    for (fs::recursive_directory_iterator
             it(folder, fs::directory_options::skip_permission_denied, ec),
         end;
         !ec && it != end; it.increment(ec))
      if (it->path().filename() == name) return it->path().string();
  }
  return {};
}

}  // namespace

struct Fonts::File {
  std::string name;
  void* bytes = nullptr;
  std::size_t size = 0;
};

Fonts::Fonts() {
  for (unsigned c = 0x20; c < 0x7F; ++c) needed_.set(c);
  for (unsigned c = 0x3040; c < 0x3100; ++c) needed_.set(c);  // kana: names bring any of them
  for (const char* extra : {"…〓、。・「」ー（）／？！：％＋－○●△▲□■①②③④⑤→←↑↓−–—′″",
                            "０１２３４５６７８９年月日時分秒回件名様"})
    need(extra);
  for (int w = 0; w < static_cast<int>(Word::Count); ++w)
    for (const Language l : {Language::Japanese, Language::English})
      need(word(static_cast<Word>(w), l));
}

Fonts::~Fonts() {
  for (File* f : files_) {
    if (f->bytes) munmap(f->bytes, f->size);
    delete f;
  }
}

Fonts::File* Fonts::file(const char* name) {
  for (File* f : files_)
    if (f->name == name) return f->bytes ? f : nullptr;
  File* f = new File{name};
  files_.push_back(f);
  const std::string path = find_font(name);
  const int fd = path.empty() ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    log_warning("gui", std::string("font ") + name +
                           " not found; install fonts-morisawa-bizud-gothic and fonts-noto-cjk");
    return nullptr;
  }
  struct stat info {};
  if (fstat(fd, &info) == 0 && info.st_size > 0) {
    void* p = mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
    if (p != MAP_FAILED) {
      f->bytes = p;
      f->size = static_cast<std::size_t>(info.st_size);
    }
  }
  ::close(fd);
  return f->bytes ? f : nullptr;
}

void Fonts::need(std::string_view utf8) {
  const auto* s = reinterpret_cast<const unsigned char*>(utf8.data());
  const unsigned char* const end = s + utf8.size();
  while (s < end) {
    unsigned c = *s++;
    if (c < 0x80) continue;  // ASCII is always there
    int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
    c &= 0x3FU >> more;
    for (; more > 0 && s < end; --more) c = (c << 6) | (*s++ & 0x3FU);
    // ImWchar is 16 bit in this ImGui: beyond the BMP the fallback sign stands.
    if (c > 0xFFFF || needed_.test(c)) continue;
    needed_.set(c);
    stale_ = true;
  }
}

void Fonts::add(Face face, int px, float scale) {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  const float size = std::round(static_cast<float>(px) * scale);
  File* base = file(face == Face::Fixed  ? "BIZUDGothic-Bold.ttf"
                    : face == Face::Bold ? "BIZUDPGothic-Bold.ttf"
                                         : "BIZUDPGothic-Regular.ttf");
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = config.OversampleV = 1;
  config.PixelSnapH = true;
  if (face != Face::Fixed) config.GlyphExtraSpacing.x = std::round(size * 0.02F);
  static const ImWchar kAscii[] = {0x20, 0x7E, 0x2212, 0x2212, 0};
  const ImWchar* ranges = face == Face::Fixed ? kAscii : ranges_.data();
  ImFont* font = nullptr;
  const auto add_file = [&](File* f, float height) {
    config.MergeMode = font != nullptr;
    ImFont* added =
        atlas->AddFontFromMemoryTTF(f->bytes, static_cast<int>(f->size), height, &config, ranges);
    if (!font) font = added;
  };
  if (base) add_file(base, size);
  if (face != Face::Fixed || !base) {
    config.FontNo = 0;  // the collection's first face is JP
    if (File* noto =
            file(face == Face::Regular ? "NotoSansCJK-Regular.ttc" : "NotoSansCJK-Bold.ttc"))
      add_file(noto, std::round(size * kNotoHeight));
  }
  if (!font) {
    config = {};
    config.SizePixels = size;
    font = atlas->AddFontDefault(&config);
  }
  cuts_.push_back({face, px, font});
}

void Fonts::build(float scale) {
  scale_ = scale;
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  atlas->Clear();
  atlas->Flags |= ImFontAtlasFlags_NoMouseCursors;
  cuts_.clear();
  ranges_.clear();
  for (unsigned c = 0x20; c < 0x10000; ++c) {
    if (!needed_.test(c)) continue;
    const unsigned first = c;
    while (c + 1 < 0x10000 && needed_.test(c + 1)) ++c;
    ranges_.push_back(static_cast<ImWchar>(first));
    ranges_.push_back(static_cast<ImWchar>(c));
  }
  ranges_.push_back(0);
  for (const int px : kRegularSizes) add(Face::Regular, px, scale);
  for (const int px : kBoldSizes) add(Face::Bold, px, scale);
  for (const int px : kFixedSizes) add(Face::Fixed, px, scale);
  atlas->Build();
  stale_ = false;
}

Fonts::Baked Fonts::get(Face face, int px) const {
  const Cut* best = nullptr;
  for (const Cut& cut : cuts_)
    if (cut.face == face && (!best || std::abs(cut.px - px) < std::abs(best->px - px))) best = &cut;
  if (!best) return {ImGui::GetFont(), ImGui::GetFontSize()};
  return {best->font, std::round(static_cast<float>(best->px) * scale_)};
}

}  // namespace kakehashi
