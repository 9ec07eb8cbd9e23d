// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/video_mixer.h"

#include <cassert>
#include <cmath>
#include <optional>

#include "core/layout_table.h"
#include "core/overlay_kind.h"
#include "mixer/bus_plan.h"
#include "mixer/compositor.h"
#include "mixer/convert.h"
#include "mixer/overlay_blend.h"
#include "mixer/picture_memory.h"
#include "mixer/stand_in.h"
#include "mixer/switcher.h"
#include "mixer/transition_draw.h"

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
    const OverlayImage* letters = nullptr;  // what moves on a card
  };

  // Two more than asked for: the last picture, kept for the tick at which the stock is empty, and
  // the black one that stands for it before there was one.
  Impl(const Canvas& c, int capacity)
      : canvas(c),
        whole{0, 0, c.width, c.height},
        pool(PixelFormat::I420, c.width, c.height, capacity + 2),
        memory(capacity + 2),
        compositor(c.width, c.height),
        transition(c.width, c.height) {
    assert(c.width % 2 == 0 && c.height % 2 == 0 && "a 4:2:0 canvas is even");
    for (Look* look : {&now, &before}) {
      look->items.reserve(kLayers);
      look->layers.reserve(kLayers);
      look->live.reserve(kLayers);
    }
    laid.reserve(kLayers);
    (void)overlay_kinds();  // tables made at their first use: not in a tick
    (void)layouts();
    // The first lap through the stock: its memory is taken and touched here, not in the loop.
    std::vector<FrameBuilder> all;
    all.reserve(static_cast<std::size_t>(capacity) + 2);
    while (static_cast<int>(all.size()) < capacity + 2) {
      all.push_back(std::move(*pool.acquire()));
      fill(picture_of(all.back()), kBlack);
    }
    last.fill(std::move(all.back()).publish());
  }

  void add(Look& look, const VideoFrame* frame, std::uint32_t colour) {
    CompositorItem item;
    item.frame = frame;
    item.colour = program_colour(colour);
    item.rect = whole;
    look.items.push_back(item);
    look.live.emplace_back();
  }

  // The input whose picture is shown where `id` belongs: its own, its backup's, or none.
  static std::optional<std::size_t> shown(const MixInputs& in, const std::string& id) {
    const auto own = input_index(in.show, id);
    return own ? shown_input(in.show, in.frames, *own, in.time) : std::nullopt;
  }

  // Width : height of the picture in the slot "slide"; a stand-in has the canvas's shape.
  static double slide_aspect(const MixInputs& in, const std::vector<const Layer*>& layers) {
    for (const Layer* layer : layers)
      if (layer->slot == "slide")
        if (const auto input = shown(in, layer->input)) {
          const FrameInfo& f = in.frames[*input]->info();
          return static_cast<double>(f.width) * f.aspect_numerator /
                 (static_cast<double>(f.height) * f.aspect_denominator);
        }
    return static_cast<double>(in.show.canvas.width) / in.show.canvas.height;
  }

  // In a layout a picture takes no more of its slot than it fills, so that no black bars lie beside
  // it. A stand-in is shown whole: its words say what is missing.
  static void give_own_shape(CompositorItem& item, bool live) {
    if (!live) item.fit = FitMode::Fit;
    if (!item.frame || item.fit != FitMode::Fit) return;
    const Placement own = place(item.frame->info(), item.rect, item.fit, item.crop);
    if (own.rect.w == 0) return;
    item.rect = own.picture;
    item.fit = FitMode::Stretch;
  }

  void look_at(const MixInputs& in, const Scene* scene, Look& look) {
    look.items.clear();
    look.layers.clear();
    look.live.clear();
    look.letters = nullptr;
    if (!scene) return;
    if (!scene->card.empty()) {
      const auto painted = in.painted.cards.find(scene->card);
      const HoldingCard* card = find_by_id(in.show.cards, scene->card);
      add(look, painted == in.painted.cards.end() ? nullptr : painted->second.get(),
          card ? card->background : kCardColour);
      if (fits_show(in)) look.letters = letters_of_card(in, scene->card);
      return;
    }
    for (const Layer& layer : scene->layers) {  // insertion by z keeps equal ones in list order
      auto place = look.layers.end();
      while (place != look.layers.begin() && (*(place - 1))->z > layer.z) --place;
      look.layers.insert(place, &layer);
    }
    const bool laid_out = !scene->layout.empty();
    if (laid_out) add(look, nullptr, kBarColour);  // beneath: what the slots leave free
    const double slide = slide_aspect(in, look.layers);
    for (const Layer* layer : look.layers) {
      const auto input = shown(in, layer->input);
      const VideoFrame* picture = input ? in.frames[*input].get() : nullptr;
      if (!picture) {
        const auto card = in.painted.no_signal.find(layer->input);
        if (card != in.painted.no_signal.end()) picture = card->second.get();
      }
      add(look, picture, kNoSignalColour);
      if (input) look.live.back() = in.frames[*input];
      CompositorItem& item = look.items.back();
      item.rect = scaled_rect(slot_rect(*scene, *layer, slide), in.show.canvas.width,
                              in.show.canvas.height, canvas.width, canvas.height);
      item.fit = layer->fit;
      item.opacity = layer->opacity;
      item.borrowed = input && in.show.inputs[*input].id != layer->input;
      if (item.borrowed && item.fit == FitMode::Stretch) item.fit = FitMode::Fit;
      if (laid_out) give_own_shape(item, input.has_value());
      item.look = &layer->look;
      item.look_scale = static_cast<double>(canvas.width) / in.show.canvas.width;
      item.stand_in = !input;
      if (input) {
        item.input_masks = in.show.inputs[*input].masks;
        if (!item.borrowed) item.crop = layer->crop;  // of this camera; a card's words are not cut
      }
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
    return std::move(builder).publish();
  }

  FramePtr picture_of_scene(const MixInputs& in, const Scene* scene) {
    FramePtr frame = draw_plan(in, {.to = scene}, 1.0, last[0]);
    return frame ? frame : last[0];
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
    now.letters = fits_show(in) ? letters_of_card(in, in.show.emergency_card) : nullptr;
    auto builder = acquire();
    if (!builder)  // covering matters more than when its picture was painted
      return in.painted.emergency && fits_show(in) ? in.painted.emergency : last[0];
    draw_alone(now, picture_of(*builder), [] {});
    return finish(std::move(*builder), in.time);
  }

  // Every picture that is written into comes from here.
  std::optional<FrameBuilder> acquire() {
    auto builder = pool.acquire();
    if (builder) memory.open(picture_of(*builder));
    return builder;
  }

  // One scene, no transition. `lay` adds what lies over it.
  template <class Lay>
  void draw_alone(Look& look, const Picture& out, Lay lay) {
    laid.clear();
    if (look.letters) laid.push_back({look.letters, 256});
    lay();
    memory.draw(compositor, look.items, laid, out);
  }

  // The scene in `look`, any part of it, with what moves on its card.
  class Drawn final : public DrawableScene {
   public:
    Drawn(Impl& impl, Look& look, std::optional<MediaTime>& captured)
        : impl_(impl), look_(look), captured_(captured) {}
    void draw(const Rect& part, const Picture& target) override {
      impl_.draw_look(look_, part, target);
      impl_.oldest(look_, captured_);
    }
    std::optional<PicturePlanes> ready() override {
      if (look_.letters) return std::nullopt;
      const VideoFrame* frame =
          Compositor::alone(look_.items, impl_.canvas.width, impl_.canvas.height);
      if (!frame) return std::nullopt;
      impl_.oldest(look_, captured_);
      return view_of(*frame);
    }

   private:
    Impl& impl_;
    Look& look_;
    std::optional<MediaTime>& captured_;
  };

  bool fits_show(const MixInputs& in) const {
    return in.show.canvas.width == canvas.width && in.show.canvas.height == canvas.height;
  }

  void draw_look(Look& look, const Rect& part, const Picture& target) {
    const auto shift = [&](int x, int y) {
      for (CompositorItem& item : look.items) {
        item.rect.x += x;
        item.rect.y += y;
      }
    };
    shift(-part.x, -part.y);
    compositor.draw(look.items, target);
    shift(part.x, part.y);
    if (look.letters) blend_overlay(*look.letters, 256, target, part.x, part.y);
  }

  void blend_overlays(const MixInputs& in, const BusPlan& plan, double progress,
                      const Picture& out) {
    each_overlay(in, plan, progress,
                 [&](const OverlayImage& image, int weight) { blend_overlay(image, weight, out); });
  }

  // Empty when the stock is.
  FramePtr draw_plan(const MixInputs& in, const BusPlan& plan, double progress, FramePtr& repeat) {
    look_at(in, plan.to, now);
    if (!plan.from && !plan.overlays)
      if (FramePtr frame = alone(now)) return forget(frame);
    auto builder = acquire();
    if (!builder) return forget({});
    const Picture out = picture_of(*builder);
    std::optional<MediaTime> captured;
    if (plan.from) {
      Drawn to(*this, now, captured);
      look_at(in, plan.from, before);
      Drawn from(*this, before, captured);
      const ActiveTransition& way = *in.live.transition;
      const Yuv dip = program_colour(in.show.dip_colour);
      if (way.backwards)
        transition.draw(way.kind, 1.0 - progress, dip, to, from, out);
      else
        transition.draw(way.kind, progress, dip, from, to, out);
      if (plan.overlays) blend_overlays(in, plan, progress, out);
    } else {
      draw_alone(now, out, [&] {
        if (plan.overlays)
          each_overlay(in, plan, progress, [&](const OverlayImage& image, int weight) {
            laid.push_back({&image, weight});
          });
      });
      oldest(now, captured);
    }
    forget({});
    return repeat = finish(std::move(*builder), captured.value_or(in.time));
  }

  // `base` shows the same without overlays.
  FramePtr copy_with_overlays(const MixInputs& in, const BusPlan& plan, double progress,
                              const FramePtr& base, FramePtr& repeat) {
    auto builder = acquire();
    if (!builder) return {};
    const Picture out = picture_of(*builder);
    copy(view_of(*base), out);
    blend_overlays(in, plan, progress, out);
    return repeat =
               finish(std::move(*builder), base->info().still ? in.time : base->info().captured);
  }

  BusPictures buses(const MixInputs& in, BusSet wanted) {
    BusPictures out;
    if (in.live.emergency) {
      const FramePtr card = emergency(in);
      for (std::size_t i = 0; i < kBuses; ++i)
        if (wanted >> i & 1U) out.frame[i] = card;
      return out;
    }
    const double progress = transition_progress(in.live, in.time);
    std::array<BusPlan, kBuses> plans;
    std::array<bool, kBuses> fresh{};  // shows this tick, not an older one again
    for (std::size_t i = 0; i < kBuses; ++i)
      if (wanted >> i & 1U) plans[i] = plan_bus(in, static_cast<Bus>(i), progress, fits_show(in));
    for (const bool overlays : {false, true})  // what has none is a base for what has
      for (std::size_t i = 0; i < kBuses; ++i) {
        if (!(wanted >> i & 1U) || plans[i].overlays != overlays) continue;
        const FramePtr* base = nullptr;
        for (std::size_t j = 0; j < kBuses && !out.frame[i]; ++j) {
          if (!fresh[j] || plans[j].to != plans[i].to || plans[j].from != plans[i].from) continue;
          if (plans[j].overlays == overlays) {
            out.frame[i] = out.frame[j];
            last[i] = last[j];
          } else {
            base = &out.frame[j];
          }
        }
        if (!out.frame[i])
          out.frame[i] = base ? copy_with_overlays(in, plans[i], progress, *base, last[i])
                              : draw_plan(in, plans[i], progress, last[i]);
        fresh[i] = static_cast<bool>(out.frame[i]);
        if (!fresh[i]) out.frame[i] = last[i];
      }
    return out;
  }

  const Canvas canvas;
  const Rect whole;
  FramePool pool;
  PictureMemory memory;  // what stands in the pool's pictures
  std::vector<LaidOverlay> laid;
  Compositor compositor;
  TransitionDrawer transition;
  Look now, before;
  std::array<FramePtr, kBuses> last;  // of each bus; preview and scenes: of Program
  std::uint64_t sequence = 0;
};

VideoMixer::VideoMixer(const Canvas& canvas, int capacity)
    : impl_(std::make_unique<Impl>(canvas, capacity)) {}
VideoMixer::~VideoMixer() = default;

FramePtr VideoMixer::program(const MixInputs& in) {
  return buses(in, bus_bit(Bus::Program))[Bus::Program];
}
BusPictures VideoMixer::buses(const MixInputs& in, BusSet wanted) {
  return impl_->buses(in, wanted);
}
FramePtr VideoMixer::preview(const MixInputs& in) {
  return impl_->picture_of_scene(in, find_by_id(in.show.scenes, in.live.preview));
}
FramePtr VideoMixer::scene(const MixInputs& in, const Scene& scene) {
  return impl_->picture_of_scene(in, &scene);
}
std::uint64_t VideoMixer::pool_exhausted() const { return impl_->pool.exhausted(); }

}  // namespace kakehashi
