// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/encoder_choice.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>

#include "core/log.h"
#include "encoder/preset_ladder.h"
#include "encoder/x264.h"

namespace kakehashi {
namespace {

using enum EncoderMaker;

constexpr std::array kGpus{Nvenc, Vaapi, Qsv};

std::string_view name_of(EncoderMaker maker) {
  return kEncoderMakerNames[static_cast<std::size_t>(maker)];
}

std::string_view people_call(EncoderMaker maker) {
  switch (maker) {
    case Nvenc:
      return "NVIDIA (NVENC)";
    case Vaapi:
      return "GPU (VAAPI)";
    case Qsv:
      return "Intel (Quick Sync)";
    default:
      return "CPU";
  }
}

std::string_view people_call(VideoCodec codec) {
  constexpr std::array<std::string_view, 3> kNames{"H.264", "HEVC", "AV1"};
  return kNames[static_cast<std::size_t>(codec)];
}

std::string milliseconds(Duration d) {
  char words[24];
  std::snprintf(words, sizeof words, "%.1f ms", d.to_milliseconds());
  return words;
}

class Decision {
 public:
  Decision(const EncodeSettings& wish, const Canvas& canvas, Duration busy,
           const TryEncoder& attempt)
      : wish_(wish), canvas_(canvas), attempt_(attempt) {
    const double period = canvas.rate.period().to_seconds();
    room_ = Duration{static_cast<std::int64_t>(kChosenShare * period * 1e9)} - busy;
  }

  EncoderChoice decide() {
    for (const EncoderMaker gpu : kGpus)
      if (wish_.maker == Auto || wish_.maker == gpu)
        if (auto choice = try_gpu(gpu)) return *std::move(choice);
    if (wish_.codec != VideoCodec::H264) return try_software_codec();
    return software();
  }

 private:
  EncodeSettings with(EncoderMaker maker, std::string preset) const {
    EncodeSettings s = wish_;
    s.maker = maker;
    s.preset = std::move(preset);
    return s;
  }

  std::optional<EncoderChoice> try_gpu(EncoderMaker gpu) {
    EncodeSettings settings = with(gpu, std::string(kPresetAuto));
    const auto trial = attempt_(settings, canvas_);
    if (!trial) return std::nullopt;  // told when it was tried
    if (trial->held > 0) {
      note(gpu, "holds " + std::to_string(trial->held) + " pictures back");
      return std::nullopt;
    }
    if (wish_.maker == Auto && trial->p95 > room_) {
      note(gpu, "p95 " + milliseconds(trial->p95) + " of " + milliseconds(room_));
      return std::nullopt;
    }
    const std::string who(people_call(gpu)), time = milliseconds(trial->p95);
    return EncoderChoice{std::move(settings),
                         {who + " で符号化しています（1枚 " + time + "）。",
                          who + " encodes (" + time + " a picture)."},
                         trial->p95};
  }

  void note(EncoderMaker gpu, const std::string& reason) {
    log_info("encode", std::string(name_of(gpu)) + " is not used: " + reason);
  }

  // HEVC and AV1 on the processor, for files.
  EncoderChoice try_software_codec() {
    const std::string wanted(people_call(wish_.codec));
    EncodeSettings settings = with(Software, wish_.preset);
    const auto trial = attempt_(settings, canvas_);
    if (trial && trial->held <= kHeldForFiles && trial->p95 <= room_)
      return {std::move(settings),
              {wanted + " を CPU で符号化しています（1枚 " + milliseconds(trial->p95) + "）。",
               wanted + " on the CPU (" + milliseconds(trial->p95) + " a picture)."},
              trial->p95};
    log_info("encode",
             wanted + " is not used: " +
                 (trial ? "p95 " + milliseconds(trial->p95) + " of " + milliseconds(room_) + ", " +
                              std::to_string(trial->held) + " pictures held"
                        : trial.error().message));
    EncoderChoice choice = software();
    choice.settings.codec = VideoCodec::H264;
    choice.why.ja =
        "この PC では " + wanted + " が間に合わないため、H.264 にしています。" + choice.why.ja;
    choice.why.en = "This PC is too slow for " + wanted + ": H.264 instead. " + choice.why.en;
    return choice;
  }

  EncoderChoice software() {
    EncoderChoice choice;
    if (wish_.preset != kPresetAuto) {
      choice.settings = with(Software, wish_.preset);
      choice.why = {"行事のファイルで " + wish_.preset + " が選ばれています。",
                    "The event asks for " + wish_.preset + "."};
    } else {
      choice = software_by_measure();
    }
    choice.settings.codec = VideoCodec::H264;
    if (wish_.maker == Auto) {
      choice.why.ja = "GPU の符号化は使えません。CPU で符号化しています。" + choice.why.ja;
      choice.why.en = "No GPU encoder works here: the CPU encodes. " + choice.why.en;
    } else if (wish_.maker != Software) {
      const std::string who(people_call(wish_.maker));
      choice.why.ja = who + " が使えないため、CPU で符号化しています。" + choice.why.ja;
      choice.why.en = who + " does not work here: the CPU encodes. " + choice.why.en;
    }
    return choice;
  }

  EncoderChoice software_by_measure() {
    EncodeSettings h264 = wish_;
    h264.codec = VideoCodec::H264;
    EncoderChoice last;
    for (const std::string_view preset : kPresetLadder) {
      if (preset == "ultrafast+") continue;  // only on the way down: see there
      h264.maker = Software;
      h264.preset = preset;
      const auto trial = attempt_(h264, canvas_);
      if (!trial) {  // opening it for good fails the same way and says so
        last.settings = h264;
        return last;
      }
      last = {h264,
              {std::string(preset) + "：1枚 " + milliseconds(trial->p95) + "（上限 " +
                   milliseconds(room_) + "）。",
               std::string(preset) + ": " + milliseconds(trial->p95) + " a picture (at most " +
                   milliseconds(room_) + ")."},
              trial->p95};
      if (trial->p95 <= room_) return last;
    }
    last.why.ja += "この PC には重い設定です。";
    last.why.en += " This is heavy for this PC.";
    return last;
  }

  static constexpr int kHeldForFiles = 8;

  const EncodeSettings& wish_;
  const Canvas canvas_;
  const TryEncoder& attempt_;
  Duration room_;
};

Result<EncoderTrial> try_here(const EncodeSettings& settings, const Canvas& canvas) {
  struct Outcome {
    std::optional<EncoderTrial> trial;
    std::string trouble;
  };
  using Key = std::tuple<EncoderMaker, VideoCodec, std::string, int, int>;
  static std::mutex mutex;  // held while measuring: two at once would measure each other
  static std::map<Key, Outcome> known;
  const std::lock_guard lock(mutex);
  const Key key{settings.maker, settings.codec, settings.preset, canvas.width, canvas.height};
  auto it = known.find(key);
  if (it == known.end()) {
    const CodecRow* row = find_codec_row(settings.maker, settings.codec);
    CodecOptions options;
    options.threads = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 4);
    Outcome outcome;
    if (!row) {
      outcome.trouble = "libavcodec has no such encoder";
    } else if (auto encoder = make_video_encoder(*row, settings, canvas, options, -1); !encoder) {
      outcome.trouble = encoder.error().message;
    } else if (auto figures = try_video_encoder(**encoder, canvas, 24); !figures) {
      outcome.trouble = figures.error().message;
    } else {
      outcome.trial = EncoderTrial{figures->held, figures->p95};
    }
    if (!outcome.trial)
      log_info("encode", std::string(name_of(settings.maker)) + " is not used: " + outcome.trouble);
    it = known.emplace(key, std::move(outcome)).first;
  }
  if (!it->second.trial) return Error{ErrorKind::Unsupported, it->second.trouble};
  return *it->second.trial;
}

}  // namespace

EncoderChoice decide_encoder(const EncodeSettings& wish, const Canvas& canvas, Duration busy,
                             const TryEncoder& attempt) {
  return Decision(wish, canvas, busy, attempt).decide();
}

EncoderChoice choose_encoder(const EncodeSettings& wish, const Canvas& canvas, Duration busy) {
  return decide_encoder(wish, canvas, busy, try_here);
}

}  // namespace kakehashi
