// SPDX-License-Identifier: GPL-3.0-or-later
// A small event for mixer tests: a hall camera (4:3, YUY2 BT.601), a slide PC (RGB), a remote
// speaker (I420), on a canvas of 480 x 270. Painted things are plain fields unless a test paints.
#pragma once

#include "mixer/switcher.h"
#include "mixer/video_mixer.h"
#include "tests/mixer/frames.h"

namespace kakehashi::testing {

inline Rgb camera_picture(int x, int y) {  // 320 x 240: a disc before a wall
  const double dx = x - 160, dy = y - 130;
  if (dx * dx + dy * dy < 80 * 80) return hex(0xC89070);
  return hex(x / 40 % 2 == y / 40 % 2 ? 0x507090 : 0x406080);
}
inline Rgb slide_picture(int x, int y) {  // 480 x 270: a page with lines
  if (y < 40) return hex(0x1E4A7A);
  if (x > 40 && x < 300 && y > 60 && y < 240 && y / 20 % 2) return hex(0x303030);
  if (x > 330 && x < 440 && y > 70 && y < 220) return hex(0xE0B040);
  return hex(0xFAFAF2);
}
inline Rgb remote_picture(int x, int y) {  // 480 x 270: colour bars
  const std::uint32_t bars[] = {0xBFBFBF, 0xBFBF00, 0x00BFBF, 0x00BF00,
                                0xBF00BF, 0xBF0000, 0x0000BF, 0x101010};
  return hex(y > 200 ? (x > 240 ? 0xFFFFFF : 0) : bars[x / 60]);
}

struct Stage {
  Show show;
  LiveState live;
  std::vector<FramePtr> frames;
  PaintedSet painted;
  MediaTime now{1'000'000'000};

  Stage() {
    show.title = {"区民講座「家庭でできる地震の備え」", "Earthquake preparedness at home"};
    show.canvas.width = 480;
    show.canvas.height = 270;
    const auto input = [&](const char* id, const char* ja, const char* en) {
      Input i;
      i.id = id;
      i.name = {ja, en};
      show.inputs.push_back(i);
    };
    input("cam", "メインカメラ", "Main camera");
    input("slides", "スライドPC", "Slide PC");
    input("remote", "リモート講師", "Remote speaker");
    show.scenes = {
        scene("remote", {layer("remote", {0, 0, 480, 270})}),
        scene("slides", {layer("slides", {0, 0, 480, 270})}),
        scene("talk", {layer("slides", {0, 0, 480, 270}), layer("cam", {336, 180, 120, 80}, 1)}),
        scene("break", {}),
    };
    show.scenes.back().card = "pause";
    HoldingCard card;
    card.id = "pause";
    card.title = "しばらくお待ちください";
    card.body = "ただいま休憩中です。\n再開は 14:00 の予定です。";
    card.contact = "みどり区 危機管理課 電話 03-0000-0000";
    show.cards.push_back(card);
    Overlay title;
    title.people.resize(1);
    title.id = "title";
    title.hold = Duration{};  // stays
    title.people[0].name = "中村 さくら";
    title.people[0].kana = "なかむら さくら";
    title.people[0].affiliation = "みどり区 危機管理課";
    title.rect = {24, 171, 300, 36};
    show.overlays.push_back(title);

    frames = {make_frame({PixelFormat::YUY2, 320, 240, ColorMatrix::Bt601, ColorRange::Limited,
                          MediaTime{900'000'000}},
                         camera_picture),
              make_frame({PixelFormat::BGRx, 480, 270, ColorMatrix::Bt709, ColorRange::Limited,
                          MediaTime{950'000'000}},
                         slide_picture),
              make_frame({PixelFormat::I420, 480, 270, ColorMatrix::Bt709, ColorRange::Limited,
                          MediaTime{970'000'000}},
                         remote_picture)};
    painted.emergency = plain(480, 270, 0x22384A);
    painted.cards["pause"] = plain(480, 270, 0x604020);
    for (const Input& i : show.inputs) painted.no_signal[i.id] = plain(480, 270, 0x1A1D21);
    auto image = std::make_shared<OverlayImage>();
    image->rect = title.rect;
    image->stride_y = 320;
    image->stride_uv = 160;
    image->y.assign(320 * 36, 40);
    image->alpha.assign(320 * 36, 217);
    image->u.assign(160 * 18, 128);
    image->v.assign(160 * 18, 128);
    painted.overlays["title"] = {{"", image}};
    live = initial_state(show);
  }

  static Layer layer(const char* input, Rect rect, int z = 0) {
    Layer l;
    l.input = input;
    l.rect = rect;
    l.z = z;
    return l;
  }
  static Scene scene(const char* id, std::vector<Layer> layers) {
    Scene s;
    s.id = id;
    s.layers = std::move(layers);
    return s;
  }

  MixInputs inputs() const { return {show, live, frames, painted, now}; }
  void wish(const Command& c) {
    auto next = apply(show, live, c, now);
    if (next.ok()) live = *next;
  }
  void cut_to(const char* scene_id) {
    wish(SelectPreview{scene_id});
    wish(SetTransition{TransitionKind::Cut});
    wish(Take{});
  }
  void mix_to(const char* scene_id) {
    wish(SelectPreview{scene_id});
    wish(SetTransition{TransitionKind::Mix});
    wish(Take{});
  }
};

}  // namespace kakehashi::testing
