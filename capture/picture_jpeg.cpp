// SPDX-License-Identifier: GPL-3.0-or-later
// JPEG by libjpeg: grey, colour, and the CMYK of printers' files.
#include <csetjmp>
#include <cstddef>
#include <cstdio>

#include <jpeglib.h>

#include <jerror.h>

#include <algorithm>

#include "capture/picture_file.h"
#include "capture/picture_formats.h"

namespace kakehashi {
namespace {

// libjpeg leaves by longjmp; whatever has a destructor lives here, outside the function it leaves.
struct Reader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  std::jmp_buf way_out{};
  char message[JMSG_LENGTH_MAX]{};
  bool cut_off = false;
  PixelSheet sheet;
  std::vector<std::uint8_t> ink;  // one line of CMYK

  ~Reader() { jpeg_destroy_decompress(&jpeg); }
};

[[noreturn]] void leave(j_common_ptr info) {
  auto* reader = static_cast<Reader*>(info->client_data);
  info->err->format_message(info, reader->message);
  std::longjmp(reader->way_out, 1);
}
void note(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF)
    static_cast<Reader*>(info->client_data)->cut_off = true;
}

// Adobe writes ink inverted: 255 is none.
void print_line(const std::vector<std::uint8_t>& ink, bool inverted, std::uint8_t* out) {
  for (std::size_t i = 0; i + 3 < ink.size(); i += 4, out += 4) {
    const auto light = [&](std::size_t c) {
      return static_cast<unsigned>(inverted ? ink[i + c] : 255 - ink[i + c]);
    };
    for (std::size_t c = 0; c < 3; ++c)
      out[2 - c] = static_cast<std::uint8_t>((light(c) * light(3) + 127) / 255);
    out[3] = 255;
  }
}

bool begin(Reader& r, const FileBytes& file) {
  if (setjmp(r.way_out)) return false;  // NOLINT(cert-err52-cpp): libjpeg's way of failing
  jpeg_create_decompress(&r.jpeg);
  jpeg_mem_src(&r.jpeg, file.data(), static_cast<unsigned long>(file.size()));
  jpeg_save_markers(&r.jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(&r.jpeg, TRUE);
  return true;
}

bool decode(Reader& r, PictureSize box) {
  if (setjmp(r.way_out)) return false;  // NOLINT(cert-err52-cpp)
  const bool print = r.jpeg.jpeg_color_space == JCS_CMYK || r.jpeg.jpeg_color_space == JCS_YCCK;
  r.jpeg.out_color_space = print ? JCS_CMYK : JCS_EXT_BGRX;
  // Halving inside the decoder costs no quality as long as twice the wanted size is left.
  const unsigned most = static_cast<unsigned>(std::max(box.width, box.height));
  while (r.jpeg.scale_denom < 8 &&
         std::min(r.jpeg.image_width, r.jpeg.image_height) / (r.jpeg.scale_denom * 2) >= 2 * most)
    r.jpeg.scale_denom *= 2;
  jpeg_start_decompress(&r.jpeg);
  r.sheet =
      PixelSheet(static_cast<int>(r.jpeg.output_width), static_cast<int>(r.jpeg.output_height));
  if (print) r.ink.resize(static_cast<std::size_t>(r.jpeg.output_width) * 4);
  while (r.jpeg.output_scanline < r.jpeg.output_height) {
    std::uint8_t* line = r.sheet.line(static_cast<int>(r.jpeg.output_scanline));
    JSAMPROW row = print ? r.ink.data() : line;
    jpeg_read_scanlines(&r.jpeg, &row, 1);
    if (print) print_line(r.ink, r.jpeg.saw_Adobe_marker, line);
  }
  jpeg_finish_decompress(&r.jpeg);
  return true;
}

}  // namespace

Result<PixelSheet> decode_jpeg(const FileBytes& file, PictureSize box) {
  Reader r;
  r.jpeg.err = jpeg_std_error(&r.errors);
  r.errors.error_exit = leave;
  r.errors.emit_message = note;
  r.jpeg.client_data = &r;
  if (!begin(r, file)) return Error{ErrorKind::Unsupported, r.message};
  if (Status s = check_size(r.jpeg.image_width, r.jpeg.image_height); !s) return s.error();
  int orientation = 1;
  for (const jpeg_marker_struct* m = r.jpeg.marker_list; m; m = m->next)
    if (m->data_length >= 6 && m->data[0] == 'E' && m->data[1] == 'x' && orientation == 1)
      orientation = exif_orientation(m->data, m->data_length);
  if (!decode(r, box)) return Error{ErrorKind::Unsupported, r.message};
  if (r.cut_off) return Error{ErrorKind::Unsupported, "it is cut off; copy it again"};
  return upright(std::move(r.sheet), orientation);
}

}  // namespace kakehashi
