// SPDX-License-Identifier: GPL-3.0-or-later
// Stills of every format people bring: right way up, right colours, or a reason.
#include "capture/picture_file.h"
#include "capture/source_kind.h"

#include <libheif/heif.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/capture/rig.h"
#include "tests/mixer/frames.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr PictureSize kBox{640, 360};

// Four fields: red, green / blue, grey.
constexpr std::array<std::uint32_t, 4> kFields{0xC01828, 0x20A040, 0x1840B0, 0x808080};

// Makes a picture of the four fields with ImageMagick; `more` are its options before the name.
std::string make(const TempDir& dir, const std::string& name, std::vector<std::string> more = {},
                 const std::string& size = "200x100") {
  std::vector<std::string> command{"convert", "-size", size};
  const auto colour = [](std::uint32_t v) {
    char text[16];
    std::snprintf(text, sizeof text, "xc:#%06x", v);
    return std::string(text);
  };
  command.insert(command.end(), {"(", colour(kFields[0]), colour(kFields[1]), "+append", ")", "(",
                                 colour(kFields[2]), colour(kFields[3]), "+append", ")", "-append",
                                 "-depth", "8", "-sampling-factor", "4:4:4", "-quality", "98"});
  command.insert(command.end(), more.begin(), more.end());
  command.push_back(dir / name);
  REQUIRE(run(command) == 0);
  return dir / name;
}

// Largest difference of the four fields' middles from what they should be, in program codes.
int off(const VideoFrame& frame, const std::array<std::uint32_t, 4>& fields = kFields) {
  int most = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto wanted = codes(hex(fields[i]), ColorMatrix::Bt709, ColorRange::Limited);
    const int x = frame.width() / 4 + (i % 2 ? frame.width() / 2 : 0);
    const int y = frame.height() / 4 + (i / 2 ? frame.height() / 2 : 0);
    for (int plane = 0; plane < 3; ++plane)
      most = std::max(most, std::abs(sample(frame, plane, plane ? x / 2 : x, plane ? y / 2 : y) -
                                     code8(wanted[static_cast<std::size_t>(plane)])));
  }
  return most;
}

FramePtr shown(const std::string& path, PictureSize box = kBox) {
  REQUIRE(init_capture().ok());  // GIF is read by GStreamer
  const auto sheet = read_picture(path, box);
  REQUIRE_MESSAGE(sheet.ok(), (sheet.ok() ? "" : sheet.error().message));
  return program_still(*sheet);
}

void write_half_red_heic(const std::string& path) {
  heif_image* image = nullptr;
  heif_image_create(64, 64, heif_colorspace_RGB, heif_chroma_interleaved_RGBA, &image);
  heif_image_add_plane(image, heif_channel_interleaved, 64, 64, 8);
  int stride = 0;
  std::uint8_t* pixels = heif_image_get_plane(image, heif_channel_interleaved, &stride);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) std::memcpy(pixels + y * stride + x * 4, "\xFF\x00\x00\x80", 4);
  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  REQUIRE(heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder).code ==
          heif_error_Ok);
  heif_encoder_set_lossy_quality(encoder, 95);
  CHECK(heif_context_encode_image(context, image, encoder, nullptr, nullptr).code == heif_error_Ok);
  CHECK(heif_context_write_to_file(context, path.c_str()).code == heif_error_Ok);
  heif_encoder_release(encoder);
  heif_context_free(context);
  heif_image_release(image);
}

void set_orientation(const std::string& path, int orientation) {
  std::ifstream in(path, std::ios::binary);
  std::string jpeg((std::istreambuf_iterator<char>(in)), {});
  // Segment APP1, "Exif", a little-endian TIFF head, one entry: tag 0x0112, type SHORT, count 1.
  std::string exif{'\xFF',
                   '\xE1',
                   0,
                   34,
                   'E',
                   'x',
                   'i',
                   'f',
                   0,
                   0,
                   'I',
                   'I',
                   '*',
                   0,
                   8,
                   0,
                   0,
                   0,
                   1,
                   0,
                   0x12,
                   1,
                   3,
                   0,
                   1,
                   0,
                   0,
                   0,
                   static_cast<char>(orientation)};
  exif += std::string(7, '\0');
  jpeg.insert(2, exif);
  std::ofstream(path, std::ios::binary) << jpeg;
}

}  // namespace

TEST_CASE("every format has its colours") {
  TempDir dir;
  const std::vector<std::pair<std::string, std::vector<std::string>>> files{
      {"plain.png", {}},
      {"deep.png", {"-depth", "16"}},
      {"palette.png", {"-type", "Palette"}},
      {"photo.jpg", {}},
      {"progressive.jpg", {"-interlace", "JPEG"}},
      {"small-chroma.jpg", {"-sampling-factor", "4:2:0"}},
      {"lossy.webp", {}},
      {"exact.webp", {"-define", "webp:lossless=true"}},
      {"telephone.heic", {}},
      {"plain.gif", {}},
      {"wrongly-called.png", {}},
  };
  for (const auto& file : files) {
    CAPTURE(file.first);
    std::string path = make(dir, file.first, file.second);
    if (file.first == "wrongly-called.png") {
      std::filesystem::rename(make(dir, "other.jpg"), dir / file.first);
    }
    const FramePtr frame = shown(path);
    CHECK(frame->width() == 400);
    CHECK(frame->height() == 200);
    // 4:2:0 inside the file and its own rounding: two roundings more.
    const bool lossy = file.first == "lossy.webp" || file.first == "telephone.heic";
    CHECK(off(*frame) <= (lossy ? 4 : 2));
  }
}

TEST_CASE("printers' CMYK is laid out as light") {
  TempDir dir;
  const FramePtr frame = shown(make(dir, "print.jpg", {"-colorspace", "CMYK"}));
  CHECK(off(*frame) <= 3);
}

TEST_CASE("grey, and letters on nothing") {
  TempDir dir;
  const std::string grey = dir / "grey.jpg";
  REQUIRE(run({"convert", "-size", "64x64", "xc:gray50", "-colorspace", "Gray", grey}) == 0);
  CHECK(std::abs(sample(*shown(grey), 0, 30, 30) - (16 + 219 * 128 / 255)) <= 2);
  // Half see-through red, laid over black.
  for (const std::string name : {"half.png", "half.webp", "half.heic"}) {
    CAPTURE(name);
    if (name == "half.heic")  // ImageMagick writes none of it
      write_half_red_heic(dir / name);
    else
      REQUIRE(run({"convert", "-size", "64x64", "xc:#ff000080", "-quality", "100", "-define",
                   "webp:lossless=true", dir / name}) == 0);
    const FramePtr half = shown(dir / name);
    const auto wanted = codes(hex(0x800000), ColorMatrix::Bt709, ColorRange::Limited);
    for (int plane = 0; plane < 3; ++plane)
      CHECK(std::abs(sample(*half, plane, 12, 12) -
                     code8(wanted[static_cast<std::size_t>(plane)])) <= 3);
  }
}

TEST_CASE("photographs stand upright whichever way the camera was held") {
  TempDir dir;
  const auto& f = kFields;
  const std::array<std::array<std::uint32_t, 4>, 8> upright_fields{{{f[0], f[1], f[2], f[3]},
                                                                    {f[1], f[0], f[3], f[2]},
                                                                    {f[3], f[2], f[1], f[0]},
                                                                    {f[2], f[3], f[0], f[1]},
                                                                    {f[0], f[2], f[1], f[3]},
                                                                    {f[2], f[0], f[3], f[1]},
                                                                    {f[3], f[1], f[2], f[0]},
                                                                    {f[1], f[3], f[0], f[2]}}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    const std::string path = make(dir, "turned.jpg");
    set_orientation(path, orientation);
    const FramePtr frame = shown(path);
    CHECK((frame->width() > frame->height()) == (orientation <= 4));
    CHECK(off(*frame, upright_fields[static_cast<std::size_t>(orientation - 1)]) <= 2);
  }
}

TEST_CASE("big pictures are made small, small ones stay") {
  TempDir dir;
  for (const std::string name : {"big.jpg", "big.png"}) {
    CAPTURE(name);
    const FramePtr frame = shown(make(dir, name, {}, "3000x1000"));
    CHECK(frame->width() == 640);
    CHECK(frame->height() == 214);
    CHECK(off(*frame) <= 2);
  }
  REQUIRE(run({"convert", "-size", "1x1", "xc:#ff0000", dir / "dot.png"}) == 0);
  CHECK(shown(dir / "dot.png")->width() == 2);
}

TEST_CASE("files that are broken, cut off, too big or no pictures say why") {
  TempDir dir;
  const auto refused = [&](const std::string& name) {
    CAPTURE(name);
    const auto sheet = read_picture(dir / name, kBox);
    CHECK_FALSE(sheet.ok());
    return sheet.ok() ? Error{} : sheet.error();
  };
  for (const std::string kind : {"png", "jpg", "webp", "heic"}) {
    const std::string path = make(dir, "whole." + kind);
    const auto size = std::filesystem::file_size(path);
    std::filesystem::copy_file(path, dir / ("cut." + kind));
    std::filesystem::resize_file(dir / ("cut." + kind), size * 2 / 3);
    CHECK_FALSE(refused("cut." + kind).message.empty());
    std::filesystem::resize_file(path, 16);
    CHECK_FALSE(refused("whole." + kind).message.empty());
  }
  CHECK(refused("missing.png").kind == ErrorKind::NotFound);
  std::ofstream(dir / "text.png") << "no picture at all";
  CHECK_FALSE(refused("text.png").message.empty());
  std::ofstream(dir / "none.png") << "";
  CHECK(refused("none.png").message.find("empty") != std::string::npos);
  // A head that claims 60000 x 60000 points must not be believed.
  std::string bomb("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xEA\x60\0\0\xEA\x60\x08\x02\0\0\0", 29);
  bomb += "\x17\xCF\xF6\x46";
  std::ofstream(dir / "bomb.png", std::ios::binary) << bomb + std::string(4000, 'z');
  CHECK_FALSE(refused("bomb.png").message.empty());
  REQUIRE(run({"convert", "-size", "40x40", "-delay", "10", "xc:red", "xc:blue",
               dir / "film.webp"}) == 0);
  CHECK(refused("film.webp").message.find("animation") != std::string::npos);
}

TEST_CASE("any bytes for an orientation") {
  std::uint32_t r = 99;
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::uint8_t> data(i % 60);
    for (auto& b : data) b = static_cast<std::uint8_t>((r = r * 1664525 + 1013904223) >> 24);
    if (data.size() > 8 && i % 2)
      std::memcpy(data.data(), i % 4 == 1 ? "II*\0\x08\0\0\0" : "MM\0*\0\0\0\x08", 8);
    const int o = exif_orientation(data.data(), data.size());
    CHECK((o >= 1 && o <= 8));
  }
}
