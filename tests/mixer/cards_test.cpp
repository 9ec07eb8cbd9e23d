// SPDX-License-Identifier: GPL-3.0-or-later
// Holding cards as viewers see them.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "mixer/painter_cards.h"
#include "mixer/video_mixer.h"
#include "tests/mixer/golden.h"
#include "tests/mixer/logo_files.h"
#include "tests/mixer/shown.h"

namespace kakehashi {
namespace {

using testing::unlike_golden;
constexpr testing::GoldenTolerance kLetters{1.0, 90};
constexpr Canvas kSmall{640, 360, {30, 1}};

PaintContext context(Language language = Language::Japanese, std::string moving = {}) {
  PaintContext c;
  c.language = language;
  c.event_title = language == Language::Japanese ? "区民講座「家庭でできる地震の備え」"
                                                 : "Earthquake preparedness at home";
  c.moving_text = std::move(moving);
  return c;
}

HoldingCard card(CardKind kind) {
  HoldingCard c;
  c.id = "c";
  c.kind = kind;
  c.phone = "03-0000-0000";
  c.contact = "みどり区 危機管理課";
  return c;
}

FramePtr with_words(const HoldingCard& c, const Canvas& canvas, const PaintContext& words) {
  const auto still = paint_card(c, canvas, words);
  const auto moving = paint_moving_card(c, canvas, words);
  REQUIRE(moving.ok());
  return testing::blended(**moving, *still);
}

// Lowest and highest line that differs from the background.
std::pair<int, int> lines_used(const VideoFrame& f) {
  int first = -1, last = -1;
  const auto* y = f.plane(0).data;
  const int ground = y[(f.height() - 2) * f.plane(0).stride + 2];
  for (int row = f.height() / 40; row < f.height(); ++row)
    for (int x = 0; x < f.width(); ++x)
      if (std::abs(y[row * f.plane(0).stride + x] - ground) > 40) {
        if (first < 0) first = row;
        last = row;
        break;
      }
  return {first, last};
}

}  // namespace

TEST_CASE("golden: the card of each kind, in its ready words") {
  const std::pair<CardKind, const char*> kinds[] = {{CardKind::Opening, "opening"},
                                                    {CardKind::Soon, "soon"},
                                                    {CardKind::Break, "break"},
                                                    {CardKind::Trouble, "trouble"},
                                                    {CardKind::Ending, "ending"}};
  for (const auto& [kind, name] : kinds)
    for (const Language language : {Language::Japanese, Language::English}) {
      const bool en = language == Language::English;
      HoldingCard c = card(kind);
      if (en) c.contact = "Midori City, Emergency Management";
      if (kind == CardKind::Opening || kind == CardKind::Break) c.countdown_to = "14:00";
      if (kind == CardKind::Ending) {
        c.url = "https://midori.example.jp/enq";
        c.qr = true;
      }
      const std::string file = std::string("card-") + name + (en ? "-en" : "");
      const FramePtr picture = c.countdown_to.empty()
                                   ? paint_card(c, kSmall, context(language))
                                   : with_words(c, kSmall, context(language, "12:34"));
      CHECK(unlike_golden(*picture, file, kLetters) == "");
    }
}

TEST_CASE("golden: a countdown that is over says a friendly word") {
  HoldingCard c = card(CardKind::Opening);
  c.countdown_to = "14:00";
  CHECK(unlike_golden(*with_words(c, kSmall, context(Language::Japanese, "まもなく始まります")),
                      "card-over", kLetters) == "");
}

TEST_CASE("golden: logo, code, countdown and telephone on one card") {
  const testing::LogoFiles files;
  PaintContext words = context(Language::Japanese, "1:02:34");
  words.media_folder = files.folder();
  HoldingCard c = card(CardKind::Break);
  c.logo = "leaf.svg";
  c.qr = true;
  c.url = "https://www.city.midori.example.jp/bousai";
  c.countdown_to = "14:00";
  CHECK(unlike_golden(*with_words(c, kSmall, words), "card-all", kLetters) == "");
}

TEST_CASE("nothing stands in the lowest 17 % or outside 90 % of the width") {
  HoldingCard full = card(CardKind::Break);
  full.title = "ただいま休憩中です。このあとは第二部「まちの防災」です";
  full.body = "一行目の文です。\n二行目の文です。\n三行目の文です。\n四行目の文です。";
  full.url = "https://www.city.midori.example.jp/bousai/kouza";
  full.countdown_to = "14:00";
  HoldingCard coded = full;
  coded.qr = true;
  HoldingCard endless = full;
  for (int i = 0; i < 5; ++i) endless.body += endless.body;
  for (const HoldingCard& c : {card(CardKind::Other), full, coded, endless})
    for (const Canvas& canvas : {Canvas{}, kSmall}) {
      const auto picture = paint_card(c, canvas, context());
      const auto [first, last] = lines_used(*picture);
      CHECK(last <= canvas.height * 0.83 + 2);
      const auto* y = picture->plane(0).data;
      const int stride = picture->plane(0).stride;
      const int ground = y[(canvas.height - 2) * stride + 2];
      for (int row = canvas.height / 20; row < canvas.height; ++row)
        for (const int x : {0, canvas.width / 20 - 4, canvas.width - canvas.width / 20 + 4})
          REQUIRE(std::abs(y[row * stride + x] - ground) < 8);
    }
}

TEST_CASE("whatever the colour of a card, its words differ from it by 7 : 1") {
  const auto linear = [](double code) {  // of limited range luma, a grey
    const double v = (code - 16) / 219;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  for (const std::uint32_t colour :
       {0x000000U, 0x22384AU, 0x666666U, 0x808080U, 0x999999U, 0xC0C0C0U, 0xFFFFFFU}) {
    HoldingCard c = card(CardKind::Trouble);
    c.background = colour;
    const auto picture = paint_card(c, kSmall, context());
    const auto* y = picture->plane(0).data;
    const int stride = picture->plane(0).stride;
    const double ground = y[(kSmall.height - 2) * stride + 2];
    double furthest = ground;
    for (int row = kSmall.height / 10; row < kSmall.height; ++row)
      for (int x = 0; x < kSmall.width; ++x)
        if (std::abs(y[row * stride + x] - ground) > std::abs(furthest - ground))
          furthest = y[row * stride + x];
    const double a = linear(ground) + 0.05, b = linear(furthest) + 0.05;
    CAPTURE(colour);
    CHECK(std::max(a, b) / std::min(a, b) >= 7.0);
  }
}

TEST_CASE("silence is explained, once") {
  for (const CardKind kind : {CardKind::Other, CardKind::Opening, CardKind::Soon, CardKind::Break,
                              CardKind::Trouble, CardKind::Ending})
    for (const Language language : {Language::Japanese, Language::English}) {
      const CardWords words = card_words(card(kind), language);
      CHECK_FALSE(words.title.empty());
      CHECK_FALSE(words.sound.empty());
    }
  HoldingCard own = card(CardKind::Break);
  own.title = "休憩";
  own.body = "音声はありません。";
  CHECK(card_words(own, Language::Japanese).sound.empty());
  own.body = "There is no Sound.";
  CHECK(card_words(own, Language::English).sound.empty());
  own.body = "";
  CHECK(card_words(own, Language::Japanese).body.empty());  // its own title stands alone
}

TEST_CASE("the code of a card is read off the picture, off a small one, and after encoding") {
  HoldingCard c = card(CardKind::Ending);
  c.qr = true;
  c.url = "https://www.city.midori.example.jp/enq";
  const auto picture = paint_card(c, {}, context());
  CHECK(testing::read_qr(*picture) == c.url);

  FramePool small(PixelFormat::I420, 640, 360, 2), large(PixelFormat::I420, 1920, 1080, 1);
  const auto shrunk = make_thumbnail(*picture, small);
  CHECK(testing::read_qr(*shrunk) == c.url);
  CHECK(testing::read_qr(*make_thumbnail(*shrunk, large)) == c.url);

  // As a thin line would carry it: 1080p at 1 Mbit/s, half a second after the cut.
  const std::string png = testing::scratch_file("card.png"),
                    mkv = testing::scratch_file("card.mkv"),
                    out = testing::scratch_file("card-out.png");
  REQUIRE(testing::write_png(*picture, png));
  const std::string quiet = "ffmpeg -v error -y -nostdin ";
  CHECK(testing::first_line_of(quiet + "-loop 1 -framerate 30 -i " + png +
                               " -frames:v 15 -c:v libx264 -preset superfast -tune zerolatency"
                               " -pix_fmt yuv420p -b:v 1M -maxrate 1M -bufsize 500k " +
                               mkv + " 2>&1 && " + quiet + "-i " + mkv +
                               " -vf 'select=eq(n\\,14)' -frames:v 1 " + out + " 2>&1") == "");
  CHECK(testing::read_qr_file(out) == c.url);
  for (const auto& file : {png, mkv, out}) std::filesystem::remove(file);
}

TEST_CASE("a card is painted whatever is wrong with its parts, and each fault is told") {
  const auto told = [](HoldingCard c) {
    std::vector<PaintFault> faults;
    PaintContext words = context();
    words.faults = &faults;
    CHECK(paint_card(c, kSmall, words)->width() == kSmall.width);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].id == "card.c");
    return faults[0];
  };
  HoldingCard c = card(CardKind::Ending);
  c.logo = "gone.png";
  CHECK(told(c).what.ja.find("gone.png") != std::string::npos);
  c = card(CardKind::Ending);
  c.qr = true;
  CHECK(told(c).what.ja.find("アドレス") != std::string::npos);
  c.url = "https://midori.jp/" + std::string(900, 'a');
  CHECK(told(c).action.ja.find("短い") != std::string::npos);
  c = card(CardKind::Break);
  c.countdown_to = "half past two";
  CHECK(told(c).action.ja.find("14:00") != std::string::npos);
  CHECK_FALSE(paint_moving_card(c, kSmall, context(Language::Japanese, "1:00")).ok());
}

// Full-HD pictures to look at: KAKEHASHI_PAINT=/some/folder.
TEST_CASE("cards for the eye") {
  const char* folder = std::getenv("KAKEHASHI_PAINT");
  if (!folder) return;
  for (const CardKind kind :
       {CardKind::Other, CardKind::Opening, CardKind::Break, CardKind::Ending}) {
    HoldingCard c = card(kind);
    if (kind == CardKind::Ending) {
      c.qr = true;
      c.url = "https://www.city.midori.example.jp/enq";
    }
    if (kind == CardKind::Opening) c.countdown_to = "2026-11-22T14:00";
    if (kind == CardKind::Break) c.countdown_to = "14:00";
    const auto picture = c.countdown_to.empty()
                             ? paint_card(c, {}, context())
                             : with_words(c, {}, context(Language::Japanese, "12:34"));
    CHECK(testing::write_png(*picture, std::string(folder) + "/card-" +
                                           std::to_string(static_cast<int>(kind)) + ".png"));
  }
}

}  // namespace kakehashi
