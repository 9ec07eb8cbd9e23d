// SPDX-License-Identifier: GPL-3.0-or-later
// One EncodeRoad per encode of the show: "main", always open, and the further ones, each opened by
// the first who needs it and closed when the last lets go of it. All take the pictures and the
// sound of Program; outputs name the encode they use, and one encode feeds any number of them.
//
// Any thread. Opening one takes up to some hundred milliseconds (the codec is tried first).
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/published.h"
#include "core/show.h"
#include "core/snapshot.h"
#include "station/encode_road.h"

namespace kakehashi {

class EncodeRoads {
 public:
  // Opens "main".
  static Result<std::unique_ptr<EncodeRoads>> open(const Show& show, Clock& clock);
  ~EncodeRoads();  // who still holds a road may keep it; nothing comes along it any more

  EncodeRoad& main() const { return *main_; }

  // Opened if need be. `id`: "main", empty for the same, or a NamedEncode's. Hold it as long as
  // something is attached to it. Letting go of the last may take as long as one picture's encode.
  Result<std::shared_ptr<EncodeRoad>> use(const std::string& id);
  // Null while nobody uses it.
  std::shared_ptr<EncodeRoad> road(const std::string& id) const;
  // As the show has it; nothing: no encode of that name.
  std::optional<EncodeSettings> settings(const std::string& id) const;

  bool further_in_use() const;
  // Another list of further encodes, for those opened from now on. "main" and the canvas stay:
  // another of those needs other roads.
  void set_show(const Show& show);

  // The caption lines on program, for encodes that carry captions. The same again costs nothing.
  void show_captions(std::vector<std::string> lines);

  // For a road of one's own beside these: the same captions, and what runs already counted.
  EncodeRoadOptions beside() const { return {captions_, busy()}; }

  const Published<FurtherRoads>& further() const;
  // Of those open now, "main" first.
  std::vector<EncodeStatus> status() const;

 private:
  struct Shared;
  EncodeRoads(const Show& show, Clock& clock);
  Duration busy() const;

  Clock& clock_;
  const Canvas canvas_;
  const EncodeSettings main_settings_;
  const std::shared_ptr<Shared> shared_;  // outlives this while somebody holds a road
  const std::shared_ptr<CaptionTrack> captions_ =
      std::make_shared<CaptionTrack>(std::make_shared<const std::vector<std::string>>());
  std::shared_ptr<EncodeRoad> main_;
  std::mutex opening_;  // one at a time; taken before the mutex in shared_
};

}  // namespace kakehashi
