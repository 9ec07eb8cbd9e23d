// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/libav.h"

#include <array>
#include <mutex>
#include <string_view>

#include "core/log.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace kakehashi {
namespace {

thread_local std::vector<std::string> complaints;

void on_libav_log(void* context, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_WARNING) return;
  std::array<char, 1024> line{};
  int print_prefix = 1;
  av_log_format_line2(context, level, format, arguments, line.data(), static_cast<int>(line.size()),
                      &print_prefix);
  std::string_view text(line.data());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  // x264 says this at every lowering of the bitrate, because the buffer is set before the rate.
  if (text.empty() || text.find("assuming CBR") != std::string_view::npos) return;
  if (level <= AV_LOG_ERROR) {
    log(LogLevel::Info, "libav", text);
    if (const auto end = text.find("] "); text.starts_with('[') && end != std::string_view::npos)
      text.remove_prefix(end + 2);
    if (complaints.size() < 8) complaints.push_back(redacted(text));
  } else {
    log(LogLevel::Debug, "libav", text);
  }
}

}  // namespace

void LibavDelete::operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
void LibavDelete::operator()(AVFormatContext* context) const { avformat_free_context(context); }
void LibavDelete::operator()(AVFrame* frame) const { av_frame_free(&frame); }
void LibavDelete::operator()(AVPacket* packet) const { av_packet_free(&packet); }

std::string libav_error_text(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

void install_libav_log() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_callback(on_libav_log); });
}

const std::vector<std::string>& libav_complaints() { return complaints; }
void forget_complaints() { complaints.clear(); }

void add_chapters(AVFormatContext& file, const std::vector<Chapter>& chapters) {
  for (unsigned i = 0; i < file.nb_chapters; ++i) {
    av_dict_free(&file.chapters[i]->metadata);
    av_freep(&file.chapters[i]);
  }
  av_freep(&file.chapters);
  file.nb_chapters = 0;
  if (chapters.empty()) return;
  file.chapters = static_cast<AVChapter**>(av_calloc(chapters.size(), sizeof(AVChapter*)));
  for (const Chapter& chapter : chapters) {
    auto* c = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
    if (!file.chapters || !c) return av_free(c);
    c->id = file.nb_chapters + 1;
    c->time_base = {1, 1000};
    c->start = chapter.from.ns / 1'000'000;
    c->end = chapter.until.ns / 1'000'000;
    av_dict_set(&c->metadata, "title", chapter.title.c_str(), 0);
    file.chapters[file.nb_chapters++] = c;
  }
}

}  // namespace kakehashi
