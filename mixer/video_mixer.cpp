// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/video_mixer.h"

#include <cassert>
#include <cmath>
#include <optional>

#include "mixer/compositor.h"
#include "mixer/convert.h"
#include "mixer/overlay_blend.h"
#include "mixer/switcher.h"

namespace kakehashi {
namespace {

constexpr std::size_t kLayers = 32;
constexpr std::uint32_t kCardColour = 0x22384A;
constexpr std::uint32_t kNoSignalColour = 0x1E1E1E;

}  // namespace

struct VideoMixer::Impl {
  // What one scene is made of at this tick.
  struct Look {
    std::vector<CompositorItem> items;  // nearest last
    std::vector<const Layer*> layers;
    std::vector<FramePtr> live;  // beside items: the input's frame, or none for stand-ins
    bool card = false;
  };

  // One more than asked for: the last picture, kept for the tick at which the stock is empty.
  Impl(const Canvas& c, int capacity)
      : canvas(c),
        whole{0, 0, c.width, c.height},
        pool(PixelFormat::I420, c.width, c.height, capacity + 1),
        compositor(c.width, c.height) {
    assert(c.width % 2 == 0 && c.height % 2 == 0 && "a 4:2:0 canvas is even");
    for (Look* look : {&now, &before}) {
      look->items.reserve(kLayers);
      look->layers.reserve(kLayers);
      look->live.reserve(kLayers);
    }
    outgoing.view(c.width, c.height);
    // The first lap through the stock: its memory is taken and touched here, not in the loop.
    std::vector<FrameBuilder> all;
    all.reserve(static_cast<std::size_t>(capacity) + 1);
    while (static_cast<int>(all.size()) <= capacity) {
      all.push_back(std::move(*pool.acquire()));
      fill(picture_of(all.back()), kBlack);
    }
    last = std::move(all.back()).publish();
  }

  void add(Look& look, const VideoFrame* frame, std::uint32_t colour) {
    CompositorItem item;
    item.frame = frame;
    item.colour = program_colour(colour);
    item.rect = whole;
    look.items.push_back(item);
    look.live.emplace_back();
  }

  void look_at(const MixInputs& in, const Scene* scene, Look& look) {
    look.items.clear();
    look.layers.clear();
    look.live.clear();
    look.card = scene && !scene->card.empty();
    if (!scene) return;
    if (look.card) {
      const auto painted = in.painted.cards.find(scene->card);
      const HoldingCard* card = find_by_id(in.show.cards, scene->card);
      add(look, painted == in.painted.cards.end() ? nullptr : painted->second.get(),
          card ? card->background : kCardColour);
      return;
    }
    for (const Layer& layer : scene->layers) {  // insertion by z keeps equal ones in list order
      auto place = look.layers.end();
      while (place != look.layers.begin() && (*(place - 1))->z > layer.z) --place;
      look.layers.insert(place, &layer);
    }
    for (const Layer* layer : look.layers) {
      FramePtr live;
      std::span<const Mask> masks;
      for (std::size_t i = 0; i < in.show.inputs.size() && i < in.frames.size(); ++i)
        if (in.show.inputs[i].id == layer->input) {
          live = in.frames[i];
          masks = in.show.inputs[i].masks;
        }
      const VideoFrame* shown = live.get();
      if (!shown) {
        const auto stand_in = in.painted.no_signal.find(layer->input);
        if (stand_in != in.painted.no_signal.end()) shown = stand_in->second.get();
      }
      add(look, shown, kNoSignalColour);
      look.live.back() = std::move(live);
      CompositorItem& item = look.items.back();
      item.rect = scaled_rect(layer->rect, in.show.canvas.width, in.show.canvas.height,
                              canvas.width, canvas.height);
      item.fit = layer->fit;
      item.opacity = layer->opacity;
      if (look.live.back()) item.crop = layer->crop;  // a stand-in's words are not cut
      item.look = &layer->look;
      item.look_scale = static_cast<double>(canvas.width) / in.show.canvas.width;
      item.stand_in = !look.live.back();
      item.input_masks = masks;
    }
  }

  // The live frame that is this look byte for byte. Stand-ins and cards are copied instead: their
  // capture time would be the moment they were painted.
  FramePtr alone(Look& look) const {
    const VideoFrame* frame = Compositor::alone(look.items, canvas.width, canvas.height);
    if (frame)
      for (const FramePtr& live : look.live)
        if (live.get() == frame) return live;
    return {};
  }

  void oldest(const Look& look, std::optional<MediaTime>& captured) const {
    for (std::size_t i = 0; i < look.items.size(); ++i)
      if (look.items[i].seen && look.live[i] && !look.live[i]->info().still) {
        const MediaTime t = look.live[i]->info().captured;
        if (!captured || t < *captured) captured = t;
      }
  }

  FramePtr finish(FrameBuilder&& builder, MediaTime captured) {
    builder.info().captured = captured;
    builder.info().sequence = ++sequence;
    last = std::move(builder).publish();
    return last;
  }

  FramePtr picture_of_scene(const MixInputs& in, const Scene* scene) {
    look_at(in, scene, now);
    if (FramePtr frame = alone(now)) return forget(frame);
    auto builder = pool.acquire();
    if (!builder) return last;
    compositor.draw(now.items, picture_of(*builder));
    std::optional<MediaTime> captured;
    oldest(now, captured);
    forget({});
    return finish(std::move(*builder), captured.value_or(in.time));
  }

  // Inputs' frames go back to their owners as soon as the tick is over.
  FramePtr forget(FramePtr result) {
    now.live.clear();
    before.live.clear();
    return result;
  }

  FramePtr emergency(const MixInputs& in) {
    now.items.clear();
    now.live.clear();
    add(now, in.painted.emergency.get(), kCardColour);
    auto builder = pool.acquire();
    if (!builder) return last;
    compositor.draw(now.items, picture_of(*builder));
    return finish(std::move(*builder), in.time);
  }

  // How much of every overlay shows: none on a card, also on the way to or from one.
  double overlay_share(bool mixing, double progress) const {
    const double in_new = now.card ? 0.0 : 1.0;
    if (!mixing) return in_new;
    return in_new * progress + (before.card ? 0.0 : 1.0) * (1.0 - progress);
  }

  static const OverlayImage* image_of(const MixInputs& in, const Overlay& overlay) {
    const auto painted = in.painted.overlays.find(overlay.id);
    if (painted == in.painted.overlays.end()) return nullptr;
    const Scene* scene = find_by_id(in.show.scenes, in.live.program);
    return painted_for(painted->second, scene ? scene->layout : std::string());
  }

  static int overlay_weight(const MixInputs& in, const Overlay& overlay, double share) {
    const OverlayState* state = find_by_id(in.live.overlays, overlay.id);
    if (!state || !image_of(in, overlay)) return 0;
    return static_cast<int>(std::lround(overlay_opacity(overlay, *state, in.time) * share * 256));
  }

  FramePtr program(const MixInputs& in) {
    if (in.live.emergency) return emergency(in);
    const double progress = transition_progress(in.live, in.time);
    const Scene* from =
        progress < 1.0 ? find_by_id(in.show.scenes, in.live.transition->from) : nullptr;
    const bool mixing = from != nullptr;
    look_at(in, find_by_id(in.show.scenes, in.live.program), now);
    if (mixing) look_at(in, from, before);

    const bool overlays_fit =
        in.show.canvas.width == canvas.width && in.show.canvas.height == canvas.height;
    const double share = overlays_fit ? overlay_share(mixing, progress) : 0.0;
    bool any_overlay = false;
    for (const Overlay& overlay : in.show.overlays)
      any_overlay = any_overlay || overlay_weight(in, overlay, share) > 0;

    if (!mixing && !any_overlay)
      if (FramePtr frame = alone(now)) return forget(frame);
    auto builder = pool.acquire();
    if (!builder) return forget(last);

    const Picture out = picture_of(*builder);
    std::optional<MediaTime> captured;
    compositor.draw(now.items, out);
    oldest(now, captured);
    if (mixing) {
      const int weight = 256 - static_cast<int>(std::lround(progress * 256));
      if (const VideoFrame* frame = Compositor::alone(before.items, canvas.width, canvas.height)) {
        mix_into(view_of(*frame), out, weight);
      } else {
        const Picture other = outgoing.view(canvas.width, canvas.height);
        compositor.draw(before.items, other);
        mix_into(view_of(other), out, weight);
      }
      oldest(before, captured);
    }
    for (const Overlay& overlay : in.show.overlays)
      if (const int weight = overlay_weight(in, overlay, share); weight > 0)
        blend_overlay(*image_of(in, overlay), weight, out);
    forget({});
    return finish(std::move(*builder), captured.value_or(in.time));
  }

  const Canvas canvas;
  const Rect whole;
  FramePool pool;
  Compositor compositor;
  ScratchPicture outgoing;  // the scene a mix comes from
  Look now, before;
  FramePtr last;
  std::uint64_t sequence = 0;
};

VideoMixer::VideoMixer(const Canvas& canvas, int capacity)
    : impl_(std::make_unique<Impl>(canvas, capacity)) {}
VideoMixer::~VideoMixer() = default;

FramePtr VideoMixer::program(const MixInputs& in) { return impl_->program(in); }
FramePtr VideoMixer::preview(const MixInputs& in) {
  return impl_->picture_of_scene(in, find_by_id(in.show.scenes, in.live.preview));
}
FramePtr VideoMixer::scene(const MixInputs& in, const Scene& scene) {
  return impl_->picture_of_scene(in, &scene);
}
std::uint64_t VideoMixer::pool_exhausted() const { return impl_->pool.exhausted(); }

FramePtr make_thumbnail(const VideoFrame& frame, FramePool& pool, std::span<const Mask> masks) {
  auto builder = pool.acquire();
  if (!builder) return {};
  const Picture out = picture_of(*builder);
  thread_local Compositor compositor(out.width, out.height);
  CompositorItem item;
  item.frame = &frame;
  item.rect = {0, 0, out.width, out.height};
  item.input_masks = masks;
  compositor.draw({&item, 1}, out);
  builder->info().captured = frame.info().captured;
  builder->info().sequence = frame.info().sequence;
  return std::move(*builder).publish();
}

}  // namespace kakehashi
