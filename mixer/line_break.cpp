// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/line_break.h"

#include <algorithm>
#include <array>

namespace kakehashi {
namespace {

constexpr std::u32string_view kNotFirst =
    U"，,)）]］}｝、〕〉》」』】〙〗〟’”｠»"  // closing
    U"ヽヾゝゞ々〻"
    U"‐゠–〜～~"
    U"？！‼⁇⁈⁉?!"
    U"・：；:;/／"
    U"。．.…‥％%℃゛゜";
constexpr std::u32string_view kSmallKana =
    U"ーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ";
constexpr std::u32string_view kNotLast = U"（([［{｛〔〈《「『【〘〖〝‘“｟«¥￥＄$№＃#";
constexpr std::u32string_view kOpening = U"（([［{｛〔〈《「『【〘〖〝‘“｟«";
constexpr std::u32string_view kClosing = U")）]］}｝〕〉》」』】〙〗〟’”｠»";
constexpr std::u32string_view kBeforeNumber = U"第約計全満各毎";
constexpr std::u32string_view kParticles = U"はがをにでとへもの";
constexpr std::array<std::u32string_view, 5> kEras{U"令和", U"平成", U"昭和", U"大正", U"明治"};
// Longer ones first where one begins another.
constexpr std::array<std::u32string_view, 15> kHonorifics{
    U"ちゃん", U"さん", U"くん", U"先生", U"教授", U"博士", U"会長", U"議員",
    U"委員",   U"選手", U"さま", U"様",   U"氏",   U"殿",   U"君"};
constexpr std::array<std::u32string_view, 24> kUnits{
    U"メートル", U"キロ", U"グラム", U"リットル", U"ページ", U"パーセント", U"ポイント", U"センチ",
    U"ミリ",     U"トン", U"時間",   U"分間",     U"週間",   U"年度",       U"丁目",     U"番地",
    U"号室",     U"か月", U"カ月",   U"ヶ月",     U"か所",   U"カ所",       U"つ",       U"ｍ"};
constexpr std::u32string_view kShortUnits =
    U"年月日時分秒円名人回件台個本枚階号室番歳才度章部冊校割点"
    U"席組社区市町村丁杯匹頭口位倍期周世万億千百兆％℃";

bool any(std::u32string_view set, char32_t c) { return set.find(c) != set.npos; }
bool between(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }
bool digit(char32_t c) { return between(c, U'0', U'9') || between(c, U'０', U'９'); }
bool kanji(char32_t c) {
  return between(c, 0x4E00, 0x9FFF) || between(c, 0x3400, 0x4DBF) || between(c, 0x20000, 0x3FFFF) ||
         between(c, 0xF900, 0xFAFF) || c == U'々' || c == U'〇' || c == U'ヶ';
}
bool hiragana(char32_t c) { return between(c, 0x3041, 0x309F); }
bool katakana(char32_t c) {
  return (between(c, 0x30A1, 0x30FF) && c != U'・') || between(c, 0x31F0, 0x31FF) ||
         between(c, 0xFF66, 0xFF9F);
}
bool space(char32_t c) { return c == U' ' || c == U'\t' || c == U'　'; }
// Letters, digits and marks of scripts that write words with spaces between them.
bool word(char32_t c) {
  return between(c, 0x21, 0x7E) || between(c, 0xA1, 0x2FF) || between(c, 0x370, 0x52F) ||
         between(c, 0x1E00, 0x1FFF) || between(c, 0xFF10, 0xFF19) || between(c, 0xFF21, 0xFF3A) ||
         between(c, 0xFF41, 0xFF5A) || c == 0xA0 || c == 0x202F || c == 0x2060;
}
bool letter(char32_t c) {
  return word(c) && !digit(c) && !(c < 0x80 && !between(c | 0x20, U'a', U'z'));
}

// One text with, for each place between two code points, what is glued there.
class Breaker {
 public:
  Breaker(std::string_view text, const BreakWishes& wishes)
      : text_(text), wishes_(wishes), points_(code_points(text)), glued_(points_.size() + 1) {
    for (const CodePoint& p : points_) chars_.push_back(p.value);
    for (std::size_t i = 0; i < chars_.size(); ++i) {
      glue_date(i);
      glue_number(i);
      glue_honorific(i);
    }
    for (const std::string& name : wishes_.keep) glue_name(name);
  }

  std::vector<BreakChance> chances() const {
    std::vector<BreakChance> out;
    for (std::size_t i = 1; i < chars_.size(); ++i) {
      const std::size_t at = points_[i].at;
      if (newline(i - 1)) {
        if (chars_[i - 1] == U'\r' && chars_[i] == U'\n') continue;
        std::size_t end = i - 1;
        if (chars_[end] == U'\n' && end > 0 && chars_[end - 1] == U'\r') --end;
        out.push_back({points_[end].at, at, 0, true});
        continue;
      }
      if (newline(i) || space(chars_[i])) continue;  // spaces go with what is before them
      std::size_t last = i;                          // the line's last letter is before this
      while (last > 0 && space(chars_[last - 1])) --last;
      if (last == 0 || newline(last - 1)) continue;
      const int c = cost(last, i);
      if (c >= 0) out.push_back({points_[last].at, at, c, false});
    }
    return out;
  }

 private:
  bool newline(std::size_t i) const { return chars_[i] == U'\n' || chars_[i] == U'\r'; }
  // Between from and to no line may end.
  void glue(std::size_t from, std::size_t to) {
    for (std::size_t i = from + 1; i < to; ++i) glued_[i] = true;
  }
  bool starts(std::size_t i, std::u32string_view with) const {
    return std::u32string_view(chars_).substr(std::min(i, chars_.size())).starts_with(with);
  }
  std::size_t digits_from(std::size_t i) const {
    while (i < chars_.size() && digit(chars_[i])) ++i;
    return i;
  }
  std::size_t counted(std::size_t i, char32_t unit) const {  // past "12月", or i
    const std::size_t end = digits_from(i);
    return end > i && end < chars_.size() && chars_[end] == unit ? end + 1 : i;
  }

  // 令和7年10月4日（土）, 10月4日, 午後2時30分: one thing to read, so one line.
  void glue_date(std::size_t i) {
    std::size_t at = i;
    for (const auto& era : kEras)
      if (starts(at, era)) at += era.size();
    const std::size_t after_era = at;
    if (at < chars_.size() && chars_[at] == U'元' && starts(at + 1, U"年"))
      at += 2;
    else
      at = counted(at, U'年');
    if (at == after_era && at != i) return;
    at = counted(at, U'月');
    at = counted(at, U'日');
    if (at > i && at + 2 < chars_.size() && (chars_[at] == U'（' || chars_[at] == U'(') &&
        any(U"日月火水木金土祝", chars_[at + 1]))
      for (std::size_t k = at + 2; k < std::min(chars_.size(), at + 5); ++k)
        if (chars_[k] == U'）' || chars_[k] == U')') {
          at = k + 1;
          break;
        }
    if (starts(i, U"午前") || starts(i, U"午後")) at = counted(counted(i + 2, U'時'), U'分');
    glue(i, at);
  }

  // 5,000  10:30  15 分  第3回  約30名: the places between are never ends.
  void glue_number(std::size_t i) {
    if (!digit(chars_[i]) || (i > 0 && digit(chars_[i - 1]))) return;
    std::size_t end = digits_from(i);
    while (end + 1 < chars_.size() && any(U",.:：，．/-‐−", chars_[end]) && digit(chars_[end + 1]))
      end = digits_from(end + 1);
    if (i > 0 && any(kBeforeNumber, chars_[i - 1])) --i;
    std::size_t unit = end;
    while (unit < chars_.size() && space(chars_[unit])) ++unit;
    if (unit < chars_.size()) {
      for (const auto& u : kUnits)
        if (starts(unit, u)) return glue(i, unit + u.size());
      if (any(kShortUnits, chars_[unit]) || (unit == end && kanji(chars_[unit])))
        return glue(i, unit + 1);
    }
    glue(i, end);
  }

  // 山田 様, 中村さん: with the name it belongs to, written in kanji or katakana.
  void glue_honorific(std::size_t i) {
    for (const auto& h : kHonorifics)
      if (starts(i, h)) {
        std::size_t name = i;
        while (name > 0 && space(chars_[name - 1])) --name;
        std::size_t from = name;
        const auto belongs = [&](char32_t c) {
          return kanji(c) || is_combining(c) || (katakana(c) && name - from < 10);
        };
        while (from > 0 && name - from < 12 && belongs(chars_[from - 1])) --from;
        if (from < name) glue(from, i + h.size());
        return;
      }
  }

  void glue_name(const std::string& name) {
    if (name.empty()) return;
    for (std::size_t at = text_.find(name); at != text_.npos; at = text_.find(name, at + 1)) {
      const auto index = [&](std::size_t byte) {
        return static_cast<std::size_t>(
            std::lower_bound(points_.begin(), points_.end(), byte,
                             [](const CodePoint& p, std::size_t b) { return p.at < b; }) -
            points_.begin());
      };
      glue(index(at), index(at + name.size()));
    }
  }

  // An address or a mail address: everything up to a space or a Japanese letter is one piece.
  bool in_address(std::size_t i) const {
    std::size_t from = i, to = i;
    while (from > 0 && word(chars_[from - 1])) --from;
    while (to < chars_.size() && word(chars_[to])) ++to;
    const std::u32string_view run(chars_.data() + from, to - from);
    return run.find(U"://") != run.npos || run.find(U'@') != run.npos ||
           run.find(U'_') != run.npos || run.find(U'/') != run.npos || run.starts_with(U"www.");
  }

  // A line ending after chars_[last - 1], the next beginning with chars_[i]; -1: not here.
  int cost(std::size_t last, std::size_t i) const {
    const char32_t a = chars_[last - 1], b = chars_[i];
    for (std::size_t k = last; k <= i; ++k)
      if (glued_[k]) return -1;
    if (is_combining(b) || b == 0x200D || a == 0x200D || b == 0x2060 || a == 0x2060) return -1;
    if (any(kNotFirst, b) || any(kNotLast, a)) return -1;
    if (any(kSmallKana, b) && !wishes_.narrow) return -1;
    if ((a == b && any(U"—―…‥", a)) || (a == U'〳' && b == U'〵')) return -1;
    if (a == 0xA0 || b == 0xA0) return -1;
    if (last < i) return any(U"。．.！？!?", a) ? 0 : any(U"、，,", a) ? 4 : 8;  // at spaces
    if (any(U"。！？‼⁇⁈⁉", a)) return 0;
    if (any(U"、，", a)) return 4;
    if (a == U'’' && letter(b) && last == i && i >= 2 && letter(chars_[i - 2])) return -1;
    if (any(kClosing, a) && !word(a))
      return any(kParticles, b) || b == U'と' ? 45 : hiragana(b) ? 30 : 8;
    if (any(kOpening, b) && !(word(a) && word(b))) return 6;
    if (word(a) && word(b)) return within_words(i);
    if (any(kSmallKana, b)) return 70;
    return between_letters(i);
  }

  int within_words(std::size_t i) const {
    const bool hyphen = (chars_[i - 1] == U'-') && i >= 4 && letter(chars_[i]) &&
                        letter(chars_[i - 2]) && letter(chars_[i - 3]);
    return hyphen && !in_address(i) ? 30 : -1;
  }

  // Japanese phrases mostly begin where hiragana ends; a word of katakana or kanji has no seams.
  int between_letters(std::size_t i) const {
    std::size_t before = i - 1;
    while (before > 0 && is_combining(chars_[before])) --before;
    const char32_t a = chars_[before], b = chars_[i];
    if (a == U'・' || any(U"～〜：；:;/／", a)) return 14;
    if (any(kSmallKana, b)) return 70;
    if (hiragana(a) && !hiragana(b)) return any(kParticles, a) ? 12 : 18;
    if (hiragana(a))
      return any(kParticles, a) && before > 0 && !hiragana(chars_[before - 1]) ? 24 : 65;
    if (hiragana(b)) return 85;
    if (katakana(a) && katakana(b)) return 95;
    if (kanji(a) && kanji(b)) return 60;
    return 26;
  }

  std::string_view text_;
  const BreakWishes& wishes_;
  std::vector<CodePoint> points_;
  std::vector<bool> glued_;  // [i]: no line may end before chars_[i]
  std::u32string chars_;
};

}  // namespace

std::vector<CodePoint> code_points(std::string_view utf8) {
  std::vector<CodePoint> out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
    char32_t value = size == 1 ? lead : size == 0 ? 0xFFFD : lead & (0x7FU >> size);
    bool good = size > 0 && i + size <= utf8.size();
    for (std::size_t k = 1; good && k < size; ++k) {
      const auto c = static_cast<unsigned char>(utf8[i + k]);
      good = (c & 0xC0) == 0x80;
      value = value << 6 | (c & 0x3FU);
    }
    constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};  // shorter forms exist below these
    good = good && value >= kLeast[size] && value <= 0x10FFFF && !between(value, 0xD800, 0xDFFF);
    out.push_back({good ? value : 0xFFFD, i, good ? size : 1});
    i += out.back().size;
  }
  return out;
}

bool is_variation_selector(char32_t c) {
  return between(c, 0xFE00, 0xFE0F) || between(c, 0xE0100, 0xE01EF);
}

bool is_combining(char32_t c) {
  return is_variation_selector(c) || between(c, 0x300, 0x36F) || c == 0x3099 || c == 0x309A ||
         between(c, 0x20D0, 0x20FF) || between(c, 0xFF9E, 0xFF9F);
}

std::vector<std::size_t> letter_starts(std::string_view utf8) {
  std::vector<std::size_t> out;
  for (const CodePoint& p : code_points(utf8))
    if (out.empty() || !is_combining(p.value)) out.push_back(p.at);
  out.push_back(utf8.size());
  return out;
}

std::vector<BreakChance> break_chances(std::string_view text, const BreakWishes& wishes) {
  return Breaker(text, wishes).chances();
}

}  // namespace kakehashi
