// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/iso_lane.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/log.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

// Sound is taken from the session's axis so much later: nobody hears it here, and what a device (or
// a machine that is busy) brings late is still in time. The road holds 1.3 s.
constexpr Duration kLag = Duration::milliseconds(800);
constexpr Duration kAhead = Duration::milliseconds(200);  // of a backlog, while it is read
// A picture that stands is written again, so that the file grows and its length is right.
constexpr Duration kRepeat = Duration::seconds(1);
constexpr Duration kAgain = Duration::seconds(5);  // after an encoder that failed
constexpr Duration kFirst = Duration::seconds(5);  // a camera may take so long
constexpr Duration kJudge = Duration::seconds(5);
constexpr int kQuality = 21;            // x264's CRF; its default is 23
constexpr std::size_t kRoom = 8 << 20;  // bytes that wait for the disk
constexpr double kMayMiss = 0.05;       // of a camera's pictures
constexpr double kNearRate = 0.02;

EncodeSettings picture_settings() {
  EncodeSettings s;
  s.maker = EncoderMaker::Software;  // a GPU's few encoders are the programme's
  s.preset = "superfast";
  s.quality = kQuality;
  s.captions = false;
  return s;
}

bool same_shape(const FrameInfo& a, const FrameInfo& b) {
  return a.width == b.width && a.height == b.height && a.aspect_numerator == b.aspect_numerator &&
         a.aspect_denominator == b.aspect_denominator;
}

Text resting_words() {
  return {
      "配信と本線の録画を優先するため、この映像の個別録画を休んでいます。→ "
      "ほかのソフトを閉じるか、個別録画を減らしてください。",
      "Its pictures rest, because the programme comes first. -> Close other software, or record "
      "fewer inputs by themselves."};
}
Text missing_words() {
  return {"この PC では個別録画が間に合わず、映像が抜けています。→ 個別録画を減らしてください。",
          "This PC is too slow: pictures are missing. -> Record fewer inputs by themselves."};
}
Text nothing_words() {
  return {"映像がまだ届いていません。→ 機材の電源とケーブルを確かめてください。",
          "No picture has come yet. -> Check its power and cable."};
}
Text standing_words() {
  return {"ディスクへの書き込みが止まっています。→ ディスクの接続を確かめてください。",
          "The disk takes nothing any more. -> Check how it is connected."};
}
Text unfit_words() {
  return {"この入力は個別に録画できません。→ 行事の設定で、個別録画から外してください。",
          "This input cannot be recorded by itself. -> Take it off the list in the event."};
}

}  // namespace

Rate usual_rate(double fps, Rate nominal) {
  if (!(fps > 0)) return nominal;
  static constexpr Rate kUsual[] = {{15, 1}, {24000, 1001}, {24, 1},       {25, 1}, {30000, 1001},
                                    {30, 1}, {50, 1},       {60000, 1001}, {60, 1}};
  const auto off = [fps](Rate r) { return std::abs(r.per_second() / fps - 1); };
  const Rate* best = std::min_element(std::begin(kUsual), std::end(kUsual),
                                      [&](Rate a, Rate b) { return off(a) < off(b); });
  if (off(*best) < kNearRate) return *best;
  return {static_cast<std::int32_t>(std::lround(std::clamp(fps, 1.0, 240.0) * 1000)), 1000};
}

IsoLane::IsoLane(Config config, const Input& input)
    : config_(std::move(config)),
      id_(input.id),
      name_(input.name),
      pictures_(input.video),
      sound_(input.audio),
      since_(config_.clock->now()),
      now_(std::make_shared<const Now>(Now{input, 0})) {
  watch_->disk = config_.disk;
  watch_->room = kRoom;
  watch_->epoch = config_.epoch;
  thread_ = std::thread([this] {
    begin_thread("iso." + id_, Urgency::Looking);
    run();
    *ended_ = true;
  });
}

IsoLane::~IsoLane() {
  stop();
  thread_.join();
}

void IsoLane::follow(const Input& input, double fps) {
  now_.store(std::make_shared<const Now>(Now{input, fps}));
}

void IsoLane::stop() {
  std::int64_t running = 0;
  stop_at_.compare_exchange_strong(running, config_.clock->now().ns);
}

void IsoLane::say(Text trouble) {
  const std::lock_guard lock(mutex_);
  trouble_ = std::move(trouble);
}

void IsoLane::run() {
  if (sound_) {
    auto audio = open_lossless_encoder();
    if (audio)
      audio_ = std::move(*audio);
    else
      log_error("iso." + id_, audio.error().message), say(unfit_words());
  }
  position_ = sample_at(since_ - config_.epoch) / kBlockSamples * kBlockSamples;
  if (!pictures_ && audio_) {
    StreamDescription stream;
    stream.audio_codec = AudioCodec::Flac;
    stream.audio_extradata = audio_->extradata();
    open_file(stream);
  }
  judged_ = since_;
  for (bool last = false; !last;) {
    tap_->wait(100ms);
    const MediaTime now = config_.clock->now();
    const std::int64_t stop = stop_at_;
    last = stop != 0 && (now - MediaTime{stop} >= kLag || !audio_);
    take_all(stop == 0 ? now : std::min(now, MediaTime{stop} + kLag));
    judge_pace(now);
  }
  tap_->close();
  close_file();
}

void IsoLane::take_all(MediaTime now) {
  const auto before = std::exchange(using_, now_.load());
  const bool masked = before && before->input.masks != using_->input.masks;
  // A picture that stands is hidden by the masks of now, too.
  if (masked && last_) last_ = maker_.make(*last_, using_->input.masks);
  if (audio_ && (!sync_ || delay_ != using_->input.delay)) {
    sync_.emplace(config_.epoch, using_->input.delay);
    sync_->when_late(AudioSync::Late::Skip);
  }
  delay_ = using_->input.delay;
  const Duration here = now - config_.epoch + delay_ - kLag;
  take_sound(here);
  // No more than can wait there: sound, masks and judgement have their turn however slow we are.
  for (std::size_t n = 0; n < IsoTap::kPictures; ++n) {
    FramePtr frame = tap_->take_picture();
    if (!frame) break;
    if (pictures_ && stop_at_ == 0) take_picture(std::move(frame), now);
  }
  if (pictures_) repeat_picture(here);
}

// A backlog is read as it is filled: the road holds little more than a second.
void IsoLane::take_sound(Duration until) {
  TappedSound piece;
  while (tap_->take_sound(piece)) {
    if (!audio_) continue;
    if (piece.broken) sync_->discontinuity();
    const auto samples = static_cast<std::size_t>(piece.frames * piece.channels);
    sync_->push({piece.samples.data(), samples}, piece.channels, piece.rate, {piece.captured_ns});
    const Duration brought = MediaTime{piece.captured_ns} - config_.epoch + delay_;
    write_sound(std::min(until, brought - kAhead));
  }
  if (audio_) write_sound(until);
}

void IsoLane::write_sound(Duration until) {
  AudioBlock block;
  for (; time_of_sample(position_ + kBlockSamples) <= until; position_ += kBlockSamples) {
    block.position = position_;
    sync_->read(block, config_.epoch + until);
    if (!runner_) continue;  // before its first picture
    ready_.clear();
    if (const auto ok = audio_->encode(block, ready_); !ok) {
      log_error("iso." + id_, ok.error().message);
      say(unfit_words());
      continue;
    }
    for (const auto& packet : ready_) runner_->push(packet);
  }
}

void IsoLane::take_picture(FramePtr frame, MediaTime now) {
  FramePtr picture;
  // The masks of now, not of this round: they may have been there before this picture came.
  if (!rests(now)) picture = maker_.make(*frame, now_.load()->input.masks);
  frame = FramePtr();  // its device waits for it
  if (!picture) {
    lost_.add();
    *keyframe_wanted_ = true;
    return;
  }
  const Duration pts = picture->info().captured - config_.epoch + delay_;
  write_picture(picture, pts);
}

void IsoLane::repeat_picture(Duration here) {
  if (last_ && here - last_pts_ >= kRepeat) write_picture(FramePtr(last_), here);
}

void IsoLane::write_picture(const FramePtr& picture, Duration pts) {
  const bool other = !video_ || !same_shape(shape_, picture->info());
  if (other && (config_.clock->now() < again_ || !open_pictures(picture))) {
    lost_.add();
    return;
  }
  if (last_number_ >= 0) pts = std::max(pts, last_pts_ + Duration::milliseconds(1));
  const Rate rate = video_->rate();
  const std::int64_t number = std::max(last_number_ + 1, rate.index_at(pts + rate.period() / 2));
  auto packet = video_->encode(picture, number, pts, keyframe_wanted_->exchange(false));
  if (!packet) {
    log_error("iso." + id_, packet.error().message);
    lost_.add();
    video_.reset();  // a later picture begins another file
    again_ = config_.clock->now() + kAgain;
    return;
  }
  last_number_ = number;
  last_pts_ = pts;
  last_ = picture;
  if (*packet) runner_->push(*packet);
}

// Its first picture, or one of another size: another file.
bool IsoLane::open_pictures(const FramePtr& picture) {
  close_file();
  shape_ = picture->info();
  Canvas canvas;
  canvas.width = shape_.width;
  canvas.height = shape_.height;
  canvas.rate = usual_rate(using_->fps, config_.nominal);
  auto video = open_video_encoder(picture_settings(), canvas, 1);
  if (!video) {
    log_error("iso." + id_, video.error().message);
    say(unfit_words());
    again_ = config_.clock->now() + kAgain;
    return false;
  }
  video_ = std::move(*video);
  StreamDescription stream{canvas.width, canvas.height, canvas.rate, 0, 0, video_->extradata()};
  stream.aspect_numerator = shape_.aspect_numerator;
  stream.aspect_denominator = shape_.aspect_denominator;
  if (audio_) {
    stream.audio_codec = AudioCodec::Flac;
    stream.audio_extradata = audio_->extradata();
  }
  *keyframe_wanted_ = true;
  open_file(stream);
  // What was left out meanwhile says nothing about this PC.
  judged_ = config_.clock->now();
  came_ = tap_->pictures();
  missed_ = tap_->left_out();
  return true;
}

void IsoLane::open_file(const StreamDescription& stream) {
  // Lives as long as the runner's threads do.
  const auto row = std::make_shared<OutputKind>(recording_kind(config_.format, watch_));
  OutputConfig config;
  Destination& d = config.destination;
  d.id = "iso." + id_;
  d.name = name_;
  d.kind = row->description.name;
  d.settings["folder"] = config_.folder;
  d.settings["second_folder"] = config_.second_folder;
  d.settings["event"] = config_.event;
  d.settings["name"] = "{event}-{date}-{time}-" + id_;
  config.stream = stream;
  config.clock = config_.clock;
  config.row = row.get();
  config.want_keyframe = [row, wanted = keyframe_wanted_] { *wanted = true; };
  auto runner = std::make_shared<OutputRunner>(std::move(config));
  const std::lock_guard lock(mutex_);
  runner_ = std::move(runner);
  if (!sound_ || audio_) trouble_ = {};
}

void IsoLane::close_file() {
  if (!runner_) return;
  runner_->stop();
  const std::lock_guard lock(mutex_);
  if (auto path = runner_->location(); !path.empty()) path_ = path;
  dropped_before_ += runner_->status(config_.clock->now()).dropped;
  runner_.reset();
}

void IsoLane::judge_pace(MediaTime now) {
  if (now - judged_ < kJudge) return;
  judged_ = now;
  const std::uint64_t came = tap_->pictures(), missed = tap_->left_out();
  const bool slow =
      static_cast<double>(missed - missed_) > kMayMiss * static_cast<double>(came - came_) + 1;
  came_ = came;
  missed_ = missed;
  std::uint64_t written = 0;
  std::size_t behind = 0;
  for (const auto& file : watch_->files()) {
    written += file.written;
    behind = file.behind;
  }
  const bool stands = runner_ && behind > 0 && written == written_;
  written_ = written;
  const std::lock_guard lock(mutex_);
  pace_ = stands ? standing_words() : slow ? missing_words() : Text{};
}

IsoStatus IsoLane::status(MediaTime now) const {
  IsoStatus s;
  s.input = id_;
  s.name = name_;
  const auto files = watch_->files();
  for (const auto& file : files) s.bytes += file.written;
  s.dropped = tap_->left_out() + tap_->sounds_left_out() + lost_.get();
  const std::lock_guard lock(mutex_);
  s.path = path_;
  s.dropped += dropped_before_;
  s.reason = trouble_;
  const bool nothing = !runner_ && files.empty();
  if (runner_) {
    const OutputStatus file = runner_->status(now);
    s.dropped += file.dropped;
    if (auto path = runner_->location(); !path.empty()) s.path = path;
    if (s.reason.ja.empty()) s.reason = file.reason;
  }
  if (!s.reason.ja.empty()) return s;
  if (pictures_ && rests(now))
    s.reason = resting_words();
  else if (pictures_ && nothing && now - since_ > kFirst)
    s.reason = nothing_words();
  else
    s.reason = pace_;
  return s;
}

}  // namespace kakehashi
