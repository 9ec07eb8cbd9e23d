// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/network_chains.h"

#include <array>
#include <string_view>

namespace kakehashi {
namespace {

// A header may claim any size, and decoders allocate before they doubt it: 4096 in each direction
// is all we take (the largest camera pictures are 3840 x 2160 and 4096 x 2160).
#define KAKEHASHI_SANE ",width=(int)[1,4096],height=(int)[1,4096] ! "
#define KAKEHASHI_H264 \
  "h264parse ! video/x-h264" KAKEHASHI_SANE "avdec_h264 thread-type=slice ! videoconvert"
#define KAKEHASHI_H265 \
  "h265parse ! video/x-h265" KAKEHASHI_SANE "avdec_h265 thread-type=slice ! videoconvert"

constexpr const char* kRtp = "application/x-rtp,encoding-name=";
constexpr std::array kChains{
    // RTP encoding names: RFC 8866, IANA "RTP Payload Format Media Types".
    Chain{"application/x-rtp,encoding-name=H264", true, "rtph264depay ! " KAKEHASHI_H264},
    Chain{"application/x-rtp,encoding-name=H265", true, "rtph265depay ! " KAKEHASHI_H265},
    Chain{"application/x-rtp,encoding-name=JPEG", true, "rtpjpegdepay ! jpegdec ! videoconvert"},
    Chain{"application/x-rtp,encoding-name=MPEG4-GENERIC", false,
          "rtpmp4gdepay ! aacparse ! avdec_aac ! audioconvert"},
    Chain{"application/x-rtp,encoding-name=OPUS", false, "rtpopusdepay ! opusdec ! audioconvert"},
    Chain{"application/x-rtp,encoding-name=PCMU", false, "rtppcmudepay ! mulawdec ! audioconvert"},
    Chain{"application/x-rtp,encoding-name=PCMA", false, "rtppcmadepay ! alawdec ! audioconvert"},
    // MPEG-TS, FLV, MP4, HLS.
    Chain{"video/x-h264", true, KAKEHASHI_H264},
    Chain{"video/x-h265", true, KAKEHASHI_H265},
    Chain{"video/mpeg,mpegversion=(int){1,2}", true,
          "mpegvideoparse ! video/mpeg" KAKEHASHI_SANE
          "avdec_mpeg2video thread-type=slice ! videoconvert"},
    Chain{"audio/mpeg,mpegversion=(int)4,stream-format=loas", false,
          "aacparse ! avdec_aac_latm ! audioconvert"},
    Chain{"audio/mpeg,mpegversion=(int){2,4}", false, "aacparse ! avdec_aac ! audioconvert"},
    Chain{"audio/mpeg,mpegversion=(int)1", false, "mpegaudioparse ! mpg123audiodec ! audioconvert"},
    Chain{"audio/x-opus", false, "opusdec ! audioconvert"},
    Chain{"audio/x-ac3", false, "ac3parse ! avdec_ac3 ! audioconvert"},
};

bool meets(const GstCaps* caps, const char* text) {
  GstCaps* row = gst_caps_from_string(text);
  const bool yes = gst_caps_can_intersect(caps, row) != FALSE;
  gst_caps_unref(row);
  return yes;
}

}  // namespace

const Chain* chain_for(const GstCaps* caps) {
  if (!caps || gst_caps_is_any(caps) || gst_caps_get_size(caps) == 0) return nullptr;
  // rtspsrc asks about its streams before it calls their caps RTP.
  const gchar* rtp = gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name");
  const std::string as_rtp = rtp ? std::string(kRtp) + rtp : std::string();
  for (const Chain& c : kChains)
    if (rtp ? as_rtp == c.caps : meets(caps, c.caps)) return &c;
  return nullptr;
}

bool is_picture(const GstCaps* caps) {
  if (!caps || gst_caps_get_size(caps) == 0 || gst_caps_is_any(caps)) return false;
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const gchar* media = gst_structure_get_string(s, "media");  // RTP
  const std::string_view name = media ? media : gst_structure_get_name(s);
  return name.starts_with("video");
}

const char* demuxer_for(const GstCaps* caps) {
  struct Row {
    const char *caps, *element;
  };
  constexpr std::array kRows{
      Row{"video/mpegts", "tsdemux"},           Row{"video/x-flv", "flvdemux"},
      Row{"application/x-hls", "hlsdemux2"},    Row{"video/quicktime", "qtdemux"},
      Row{"video/x-matroska", "matroskademux"}, Row{"video/webm", "matroskademux"}};
  for (const Row& row : kRows)
    if (meets(caps, row.caps)) return row.element;
  return nullptr;
}

std::string missing_element(const std::string& description) {
  for (std::size_t at = 0; at < description.size();) {
    const std::size_t end = std::min(description.find(" ! ", at), description.size());
    const std::string piece = description.substr(at, end - at);
    at = end + 3;
    const std::string name = piece.substr(0, piece.find(' '));
    if (name.empty() || name.find('/') != std::string::npos) continue;  // caps
    GstElementFactory* factory = gst_element_factory_find(name.c_str());
    if (!factory) return name;
    gst_object_unref(factory);
  }
  return {};
}

}  // namespace kakehashi
