// SPDX-License-Identifier: GPL-3.0-or-later
// A network camera for tests: serves live H.264 720p with moving content over RTSP.
//   rtsp_camera --port P [--host ::1] [--fps 30] [--mount /cam] [--user U --password P [--digest
//   1]]
//               [--tone 440] [--codec h265] [--loss PERCENT] [--tls FILE with certificate and key]
// or, in place of RTSP, sends it with or without the tone through elements of your choice:
//   rtsp_camera --send "mpegtsmux name=mux ! srtsink uri=srt://..." [--tone 440]
// Prints "ready" when it listens or sends. Each picture carries a frame code (core/frame_code.h)
// with the moment it was painted.
#include <gst/rtsp-server/rtsp-server.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "core/clock.h"
#include "core/frame_code.h"

namespace {

constexpr int kWidth = 1280, kHeight = 720;

struct Painter {
  std::uint32_t number = 0;
};

// GStreamer's thread, as each picture is due.
GstPadProbeReturn paint(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto& p = *static_cast<Painter*>(data);
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READWRITE)) return GST_PAD_PROBE_OK;
  kakehashi::FrameCode code;
  code.captured_us = kakehashi::MonotonicClock().now().ns / 1000;
  code.number = p.number++;
  kakehashi::paint_frame_code(map.data, kWidth, kakehashi::frame_code_rect(kWidth, kHeight), code);
  gst_buffer_unmap(buffer, &map);
  return GST_PAD_PROBE_OK;
}

void mark(GstElement* bin) {
  GstElement* element = gst_bin_get_by_name(GST_BIN(bin), "mark");
  GstPad* pad = gst_element_get_static_pad(element, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, paint, new Painter,
                    [](gpointer p) { delete static_cast<Painter*>(p); });
  gst_object_unref(pad);
  gst_object_unref(element);
}

void configure(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer) {
  GstElement* bin = gst_rtsp_media_get_element(media);
  mark(bin);
  gst_object_unref(bin);
}

// A packet of pictures in so many never leaves.
GstPadProbeReturn lose(GstPad*, GstPadProbeInfo* info, gpointer data) {
  const int percent = GPOINTER_TO_INT(data);
  const auto lost = [percent] { return g_random_int_range(0, 100) < percent; };
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER)
    return lost() ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  GstBufferList* list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
  GST_PAD_PROBE_INFO_DATA(info) = list;
  for (guint i = gst_buffer_list_length(list); i > 0; --i)
    if (lost()) gst_buffer_list_remove(list, i - 1, 1);
  return gst_buffer_list_length(list) > 0 ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

void configure_lossy(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer percent) {
  GstElement* bin = gst_rtsp_media_get_element(media);
  GstElement* payloader = gst_bin_get_by_name(GST_BIN(bin), "pay0");
  GstPad* pad = gst_element_get_static_pad(payloader, "src");
  gst_pad_add_probe(
      pad, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
      lose, percent, nullptr);
  gst_object_unref(pad);
  gst_object_unref(payloader);
  gst_object_unref(bin);
}

// Only this user may look, if there is one; and over TLS, if there is a certificate.
void lock(GstRTSPServer* server, GstRTSPMediaFactory* factory, const std::string& user,
          const std::string& password, bool digest, const std::string& certificate) {
  GstRTSPAuth* auth = gst_rtsp_auth_new();
  GstRTSPToken* token =
      gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", nullptr);
  if (digest) {
    gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
    gst_rtsp_auth_add_digest(auth, user.c_str(), password.c_str(), token);
  } else if (!user.empty()) {
    gchar* basic = gst_rtsp_auth_make_basic(user.c_str(), password.c_str());
    gst_rtsp_auth_add_basic(auth, basic, token);
    g_free(basic);
  } else {
    gst_rtsp_auth_set_default_token(auth, token);
  }
  if (!certificate.empty()) {
    GError* error = nullptr;
    GTlsCertificate* c = g_tls_certificate_new_from_file(certificate.c_str(), &error);
    if (error) std::fprintf(stderr, "rtsp_camera: %s\n", error->message);
    gst_rtsp_auth_set_tls_certificate(auth, c);
  }
  gst_rtsp_token_unref(token);
  gst_rtsp_server_set_auth(server, auth);
  g_object_unref(auth);
  gst_rtsp_media_factory_add_role(factory, "viewer", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                  G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                  G_TYPE_BOOLEAN, TRUE, nullptr);
}

int send_through(const std::string& picture, const std::string& sound, const std::string& to) {
  const std::string text =
      picture + "queue ! mux. " + (sound.empty() ? "" : sound + "avenc_aac ! queue ! mux. ") + to;
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(text.c_str(), &error);
  if (error) std::fprintf(stderr, "rtsp_camera: %s\n", error->message);
  if (!pipeline || error) return 1;
  mark(pipeline);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  std::printf("ready\n");
  std::fflush(stdout);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* end = gst_bus_timed_pop_filtered(
      bus, GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
  gst_message_unref(end);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string port = "8554", mount = "/cam", host = "127.0.0.1", user, password, tone, send;
  std::string codec = "h264", certificate;
  int fps = 30, loss = 0;
  bool digest = false;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--port") == 0) port = argv[i + 1];
    if (std::strcmp(argv[i], "--fps") == 0) fps = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--mount") == 0) mount = argv[i + 1];
    if (std::strcmp(argv[i], "--user") == 0) user = argv[i + 1];
    if (std::strcmp(argv[i], "--password") == 0) password = argv[i + 1];
    if (std::strcmp(argv[i], "--tone") == 0) tone = argv[i + 1];
    if (std::strcmp(argv[i], "--send") == 0) send = argv[i + 1];
    if (std::strcmp(argv[i], "--host") == 0) host = argv[i + 1];
    if (std::strcmp(argv[i], "--codec") == 0) codec = argv[i + 1];
    if (std::strcmp(argv[i], "--loss") == 0) loss = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--tls") == 0) certificate = argv[i + 1];
    if (std::strcmp(argv[i], "--digest") == 0) digest = true;
  }
  gst_init(&argc, &argv);
  const std::string picture =
      "videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=" +
      std::to_string(kWidth) + ",height=" + std::to_string(kHeight) +
      ",framerate=" + std::to_string(fps) + "/1 ! identity name=mark ! " +
      (codec == "h265" ? "x265enc" : "x264enc") +
      " tune=zerolatency speed-preset=ultrafast bitrate=3000 key-int-max=" + std::to_string(fps) +
      " ! " + codec + "parse ! ";
  const std::string sound =
      "audiotestsrc is-live=true volume=0.1 samplesperbuffer=480 freq=" + tone + " ! ";
  if (!send.empty()) return send_through(picture, tone.empty() ? "" : sound, send);
  GstRTSPServer* server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, host.c_str());
  gst_rtsp_server_set_service(server, port.c_str());
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  if (!user.empty() || !certificate.empty())
    lock(server, factory, user, password, digest, certificate);
  const std::string launch =
      "( " + picture + "rtp" + codec + "pay name=pay0 pt=96 config-interval=1 " +
      (tone.empty() ? "" : sound + "alawenc ! rtppcmapay name=pay1 pt=8 ") + ")";
  gst_rtsp_media_factory_set_launch(factory, launch.c_str());
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  gst_rtsp_media_factory_set_latency(factory, 0);
  g_signal_connect(factory, "media-configure", G_CALLBACK(configure), nullptr);
  if (loss > 0)
    g_signal_connect(factory, "media-configure", G_CALLBACK(configure_lossy),
                     GINT_TO_POINTER(loss));
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
  gst_rtsp_mount_points_add_factory(mounts, mount.c_str(), factory);
  g_object_unref(mounts);
  if (gst_rtsp_server_attach(server, nullptr) == 0) {
    std::fprintf(stderr, "rtsp_camera: port %s is taken\n", port.c_str());
    return 1;
  }
  std::printf("ready\n");
  std::fflush(stdout);
  g_main_loop_run(g_main_loop_new(nullptr, FALSE));
}
