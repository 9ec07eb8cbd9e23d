// SPDX-License-Identifier: GPL-3.0-or-later
// A still: decoded once to I420 in the program's colours, made no larger than the canvas.
#include "capture/kinds.h"
#include "capture/picture_file.h"
#include "capture/still_source.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d{
      "image",
      {"静止画", "Still image"},
      {{"file",
        {"ファイル（PNG、JPEG、WebP、HEIC）", "File (PNG, JPEG, WebP, HEIC)"},
        std::string(),
        true,
        -1e18,
        1e18,
        {}}},
      true,
      false};
  return d;
}

}  // namespace

SourceKind image_kind() {
  return {description(), SourceNature::Still,
          [](const Settings& s, const SourceContext& c) -> Result<std::unique_ptr<Source>> {
            const std::string path =
                media_path(c.media_folder, setting<std::string>(description(), s, "file"));
            if (!c.video) return Error{ErrorKind::FixInput, "a still image has no sound"};
            auto sheet = read_picture(path, {c.canvas.width, c.canvas.height});
            if (!sheet) return std::move(sheet.error()).context("image file \"" + path + "\"");
            return still_source(program_still(*sheet), c);
          }};
}

}  // namespace kakehashi
