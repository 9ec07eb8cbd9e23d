// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/encode_roads.h"

#include <algorithm>
#include <map>

#include "core/log.h"

namespace kakehashi {

struct EncodeRoads::Shared {
  mutable std::mutex mutex;
  std::vector<NamedEncode> encodes;
  struct Open {
    Text name;
    std::weak_ptr<EncodeRoad> road;
    std::shared_ptr<BoundedQueue<ProgramPicture>> pictures;
    std::shared_ptr<BoundedQueue<AudioBlock>> sound;
  };
  std::map<std::string, Open> open;
  Published<FurtherRoads> further{std::make_shared<const FurtherRoads>()};

  void publish_locked() {
    auto next = std::make_shared<FurtherRoads>();
    for (const auto& [id, o] : open) {
      next->pictures.push_back(o.pictures);
      next->sound.push_back(o.sound);
    }
    further.store(std::move(next));
  }
  // Unless somebody has opened it anew meanwhile.
  void forget(const std::string& id, const BoundedQueue<ProgramPicture>* pictures) {
    const std::lock_guard lock(mutex);
    const auto it = open.find(id);
    if (it == open.end() || it->second.pictures.get() != pictures) return;
    open.erase(it);
    publish_locked();
  }
};

EncodeRoads::EncodeRoads(const Show& show, Clock& clock)
    : clock_(clock),
      canvas_(show.canvas),
      main_settings_(show.encode),
      shared_(std::make_shared<Shared>()) {
  shared_->encodes = show.encodes;
}

Result<std::unique_ptr<EncodeRoads>> EncodeRoads::open(const Show& show, Clock& clock) {
  std::unique_ptr<EncodeRoads> roads(new EncodeRoads(show, clock));
  auto main = EncodeRoad::open(show.encode, show.canvas, clock, {roads->captions_});
  if (!main) return std::move(main.error());
  roads->main_ = std::move(*main);
  return roads;
}

EncodeRoads::~EncodeRoads() {
  const std::lock_guard lock(shared_->mutex);
  shared_->open.clear();
  shared_->publish_locked();
}

std::optional<EncodeSettings> EncodeRoads::settings(const std::string& id) const {
  if (encode_id(id) == kMainEncode) return main_settings_;
  const std::lock_guard lock(shared_->mutex);
  const NamedEncode* encode = find_by_id(shared_->encodes, id);
  return encode ? std::optional(encode->settings) : std::nullopt;
}

std::shared_ptr<EncodeRoad> EncodeRoads::road(const std::string& id) const {
  if (encode_id(id) == kMainEncode) return main_;
  const std::lock_guard lock(shared_->mutex);
  const auto it = shared_->open.find(id);
  return it == shared_->open.end() ? nullptr : it->second.road.lock();
}

Result<std::shared_ptr<EncodeRoad>> EncodeRoads::use(const std::string& id) {
  const std::lock_guard one(opening_);
  if (auto open = road(id)) return open;
  const auto wish = settings(id);
  if (!wish)
    return Error{
        ErrorKind::FixInput,
        "no encode is called \"" + id + "\"",
        {"行事のファイルに、この画質の設定がありません。→ 配信先の設定を確かめてください。",
         "The event has no such encode. -> Check the destination's settings."}};
  auto opened = EncodeRoad::open(*wish, canvas_, clock_, {captions_, busy()});
  if (!opened) return std::move(opened.error()).context("encode \"" + id + "\"");
  EncodeRoad* bare = opened->get();
  const auto* queue = bare->picture_queue().get();
  // The mix loops stop feeding it before its threads end.
  std::shared_ptr<EncodeRoad> road(opened->release(), [shared = shared_, id, queue](EncodeRoad* r) {
    shared->forget(id, queue);
    delete r;
    log_info("encode", "\"" + id + "\" is closed: nobody takes it any more");
  });
  const std::lock_guard lock(shared_->mutex);
  if (shared_->open.size() >= FurtherRoads::kMost && !shared_->open.contains(id))
    return Error{ErrorKind::Unsupported,
                 "encode \"" + id + "\": " + std::to_string(FurtherRoads::kMost) +
                     " further encodes are running, no more fit",
                 {"同時に使える画質の数をこえています。→ 使っていない配信先を止めてください。",
                  "Too many encodes at once. -> Stop a destination that is not needed."}};
  const NamedEncode* named = find_by_id(shared_->encodes, id);
  shared_->open[id] = {named ? named->name : Text{}, road, road->picture_queue(),
                       road->sound_queue()};
  shared_->publish_locked();
  return road;
}

bool EncodeRoads::further_in_use() const {
  const std::lock_guard lock(shared_->mutex);
  return !shared_->open.empty();
}

Duration EncodeRoads::busy() const {
  std::vector<std::shared_ptr<EncodeRoad>> open{main_};
  {
    const std::lock_guard lock(shared_->mutex);
    for (const auto& [id, o] : shared_->open) open.push_back(o.road.lock());
  }
  Duration sum;
  for (const auto& road : open)
    if (road) sum = sum + road->load();
  return sum;
}

void EncodeRoads::show_captions(std::vector<std::string> lines) {
  if (*captions_->load() == lines) return;
  captions_->store(std::make_shared<const std::vector<std::string>>(std::move(lines)));
}

void EncodeRoads::set_show(const Show& show) {
  const std::lock_guard lock(shared_->mutex);
  shared_->encodes = show.encodes;
}

const Published<FurtherRoads>& EncodeRoads::further() const { return shared_->further; }

std::vector<EncodeStatus> EncodeRoads::status() const {
  std::vector<std::pair<NamedEncode, std::shared_ptr<EncodeRoad>>> open;
  open.push_back({{std::string(kMainEncode), {"本線", "Main"}, {}}, main_});
  {
    const std::lock_guard lock(shared_->mutex);
    for (const auto& [id, o] : shared_->open)
      if (auto road = o.road.lock()) open.push_back({{id, o.name, {}}, std::move(road)});
  }
  std::vector<EncodeStatus> all;
  for (const auto& [named, road] : open) {
    EncodeStatus s = road->status();
    s.id = named.id;
    s.name = named.name;
    all.push_back(std::move(s));
  }
  return all;  // a road let go of meanwhile ends here, without the lock
}

}  // namespace kakehashi
