// SPDX-License-Identifier: GPL-3.0-or-later
// PNG, WebP and HEIC (AVIF) by libpng, libwebp and libheif.
#include <libheif/heif.h>
#include <png.h>
#include <webp/decode.h>

#include <cstring>
#include <memory>

#include "capture/picture_formats.h"

namespace kakehashi {
namespace {

struct FreeHeif {
  void operator()(heif_context* c) const { heif_context_free(c); }
  void operator()(heif_image_handle* h) const { heif_image_handle_release(h); }
  void operator()(heif_image* i) const { heif_image_release(i); }
};

Error heif_failure(const heif_error& e) {
  return {e.code == heif_error_Unsupported_feature || e.code == heif_error_Unsupported_filetype
              ? ErrorKind::Unsupported
              : ErrorKind::FixInput,
          e.message ? e.message : "it cannot be decoded"};
}

}  // namespace

Result<PixelSheet> decode_png(const FileBytes& file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  struct Done {
    png_image* image;
    ~Done() { png_image_free(image); }
  } const done{&image};
  if (!png_image_begin_read_from_memory(&image, file.data(), file.size()))
    return Error{ErrorKind::Unsupported, image.message};
  if (Status s = check_size(image.width, image.height); !s) return s.error();
  image.format = PNG_FORMAT_BGRA;
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // 16 bit files that do not say are not linear light
  PixelSheet sheet(static_cast<int>(image.width), static_cast<int>(image.height));
  if (!png_image_finish_read(&image, nullptr, sheet.bytes.data(), sheet.width * 4, nullptr))
    return Error{ErrorKind::Unsupported, image.message};
  lay_over_black(sheet);
  return sheet;
}

Result<PixelSheet> decode_webp(const FileBytes& file) {
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(file.data(), file.size(), &features) != VP8_STATUS_OK)
    return Error{ErrorKind::Unsupported, "it is damaged; save it again"};
  if (features.has_animation)
    return Error{ErrorKind::Unsupported, "it is an animation; save it as a film or a still"};
  if (Status s = check_size(static_cast<std::uint64_t>(features.width),
                            static_cast<std::uint64_t>(features.height));
      !s)
    return s.error();
  PixelSheet sheet(features.width, features.height);
  if (!WebPDecodeBGRAInto(file.data(), file.size(), sheet.bytes.data(), sheet.bytes.size(),
                          sheet.width * 4))
    return Error{ErrorKind::Unsupported, "it is damaged or cut off; copy it again"};
  lay_over_black(sheet);
  return sheet;
}

// libheif turns and mirrors by itself.
Result<PixelSheet> decode_heif(const FileBytes& file) {
  const std::unique_ptr<heif_context, FreeHeif> context(heif_context_alloc());
  heif_error e =
      heif_context_read_from_memory_without_copy(context.get(), file.data(), file.size(), nullptr);
  if (e.code != heif_error_Ok) return heif_failure(e);
  heif_image_handle* raw = nullptr;
  e = heif_context_get_primary_image_handle(context.get(), &raw);
  const std::unique_ptr<heif_image_handle, FreeHeif> handle(raw);
  if (e.code != heif_error_Ok) return heif_failure(e);
  const int width = heif_image_handle_get_width(raw), height = heif_image_handle_get_height(raw);
  if (width < 0 || height < 0) return Error{ErrorKind::Unsupported, "it holds no picture"};
  if (Status s = check_size(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height));
      !s)
    return s.error();
  heif_image* decoded = nullptr;
  e = heif_decode_image(raw, &decoded, heif_colorspace_RGB, heif_chroma_interleaved_RGBA, nullptr);
  const std::unique_ptr<heif_image, FreeHeif> image(decoded);
  if (e.code != heif_error_Ok) return heif_failure(e);
  int stride = 0;
  const std::uint8_t* pixels =
      heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
  PixelSheet sheet(heif_image_get_width(decoded, heif_channel_interleaved),
                   heif_image_get_height(decoded, heif_channel_interleaved));
  if (!pixels || sheet.bytes.empty()) return Error{ErrorKind::Unsupported, "it holds no picture"};
  const bool ready = heif_image_handle_is_premultiplied_alpha(raw);
  for (int y = 0; y < sheet.height; ++y) {
    const std::uint8_t* from = pixels + static_cast<std::ptrdiff_t>(y) * stride;
    std::uint8_t* to = sheet.line(y);
    for (int x = 0; x < sheet.width; ++x, from += 4, to += 4) {
      to[0] = from[2];
      to[1] = from[1];
      to[2] = from[0];
      to[3] = ready ? 255 : from[3];
    }
  }
  lay_over_black(sheet);
  return sheet;
}

}  // namespace kakehashi
