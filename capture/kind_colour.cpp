// SPDX-License-Identifier: GPL-3.0-or-later
// A plain colour: a ground behind other pictures, or a calm stand-in.
#include "capture/kinds.h"
#include "capture/still_source.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d{"colour",
                                 {"単色", "Plain colour"},
                                 {{"red", {"赤", "Red"}, std::int64_t{30}, false, 0, 255, {}},
                                  {"green", {"緑", "Green"}, std::int64_t{30}, false, 0, 255, {}},
                                  {"blue", {"青", "Blue"}, std::int64_t{30}, false, 0, 255, {}}},
                                 true,
                                 false};
  return d;
}

}  // namespace

SourceKind colour_kind() {
  return {description(), SourceNature::Still,
          [](const Settings& s, const SourceContext& c) -> Result<std::unique_ptr<Source>> {
            if (!c.video) return Error{ErrorKind::FixInput, "a plain colour has no sound"};
            PixelSheet sheet(c.canvas.width, c.canvas.height);
            const auto part = [&](const char* name) {
              return static_cast<std::uint8_t>(setting<std::int64_t>(description(), s, name));
            };
            const std::uint8_t b = part("blue"), g = part("green"), r = part("red");
            for (std::size_t i = 0; i + 3 < sheet.bytes.size(); i += 4) {
              sheet.bytes[i] = b;
              sheet.bytes[i + 1] = g;
              sheet.bytes[i + 2] = r;
            }
            return still_source(program_still(sheet), c);
          }};
}

}  // namespace kakehashi
