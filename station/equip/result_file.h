// SPDX-License-Identifier: GPL-3.0-or-later
// The result of an equipment test on disk: {"kakehashi_equipment": 1, ...} with the fields of
// core/equipment_test.h. Unknown keys are ignored. Never throws, whatever the bytes are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/equipment_test.h"
#include "core/result.h"

namespace kakehashi {

struct EquipmentReading {
  EquipmentResult result;           // what could be read
  std::vector<std::string> faults;  // "items[2].verdict: no such word"; empty when all is well
};

std::string write_result(const EquipmentResult& result);
EquipmentReading parse_result(std::string_view json);

// Results kept for one venue: <folder>/<stamp>.json, the pictures in <folder>/<stamp>/.
class ResultShelf {
 public:
  static constexpr std::size_t kKept = 20;
  explicit ResultShelf(std::string folder) : folder_(std::move(folder)) {}
  // $XDG_DATA_HOME/kakehashi/equipment/<venue>, else ~/.local/share/...; `venue` becomes one plain
  // folder name, empty: "no_venue".
  static std::string default_folder(const std::string& venue);

  const std::string& folder() const { return folder_; }
  // What the next test is compared with: the newest one that came to its end, of a test with the
  // same length when there is one; without any the newest that can be read.
  std::optional<EquipmentResult> last(bool quick) const;
  struct Kept {
    std::string stamp;
    EquipmentResult result;
  };
  std::optional<Kept> newest() const;  // that can be read
  std::optional<EquipmentResult> of_time(const std::string& time) const;
  // Also lets go of the oldest ones and their pictures.
  Status keep(const std::string& stamp, const EquipmentResult& result) const;

 private:
  std::vector<std::string> stamps() const;  // newest first
  std::optional<EquipmentResult> read(const std::string& stamp) const;
  std::string folder_;
};

}  // namespace kakehashi
