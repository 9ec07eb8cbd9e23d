// SPDX-License-Identifier: GPL-3.0-or-later
// A Wayland desktop's services without the desktop: a session bus, PipeWire with its session
// manager, a camera in it, and a portal whose user answers as the test says.
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "tests/capture/rig.h"

namespace kakehashi::testing {

class Desktop {
 public:
  Desktop() {
    ::chmod(home_.path().c_str(), 0700);
    ::setenv("XDG_RUNTIME_DIR", home_.path().c_str(), 1);
    ::setenv("PIPEWIRE_RUNTIME_DIR", home_.path().c_str(), 1);
    ::setenv("HOME", home_.path().c_str(), 1);
    bus_ = Process::start({"dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
                           "--address=unix:path=" + (home_ / "bus")});
    REQUIRE(bus_);
    REQUIRE(bus_->read_line());
    ::setenv("DBUS_SESSION_BUS_ADDRESS", ("unix:path=" + (home_ / "bus")).c_str(), 1);
    server_ = Process::start({"pipewire"}, {}, home_ / "pipewire.log");
    REQUIRE(server_);
    REQUIRE(wait_until([&] { return ::access((home_ / "pipewire-0").c_str(), F_OK) == 0; }));
    manager_ = Process::start({"wireplumber"}, {}, home_ / "wireplumber.log");
    REQUIRE(manager_);
  }
  // pipewire-pulse, with one output that nobody hears.
  void start_sound() {
    ::setenv("PULSE_SERVER", ("unix:" + (home_ / "pulse/native")).c_str(), 1);
    sound_ = Process::start({"pipewire-pulse"}, {}, home_ / "pipewire-pulse.log");
    REQUIRE(sound_);
    REQUIRE(wait_until([&] { return ::access((home_ / "pulse/native").c_str(), F_OK) == 0; }));
    REQUIRE(wait_until([&] {
      return run({"pactl", "load-module", "module-null-sink", "sink_name=hall"}) == 0;
    }));
  }
  void plug_camera() {
    camera_ = Process::start(
        {"gst-launch-1.0", "-q", "videotestsrc", "is-live=true", "pattern=red", "!",
         "video/x-raw,width=320,height=240,framerate=30/1,format=BGRx", "!", "pipewiresink",
         "mode=provide", "stream-properties=props,media.class=Video/Source,node.name=test-camera"});
    REQUIRE(camera_);
    REQUIRE(wait_until([&] { return camera_node() != 0; }));
  }
  void unplug_camera() { camera_.reset(); }
  // 0: not there.
  unsigned camera_node() const {
    auto list = Process::start({"pw-cli", "ls", "Node"}, {}, home_ / "pw-cli.log");
    if (!list) return 0;
    unsigned id = 0;
    while (auto line = list->read_line()) {
      (void)std::sscanf(line->c_str(), " id %u,", &id);
      if (line->find("\"test-camera\"") != std::string::npos) return id;
    }
    return 0;
  }
  std::string socket() const { return home_ / "pipewire-0"; }

 private:
  TempDir home_;
  std::unique_ptr<Process> bus_, server_, manager_, sound_, camera_;
};

class Portal {
 public:
  std::atomic<guint32> answer{0};  // 0 allowed, 1 refused
  std::atomic<unsigned> node{0};
  std::atomic<int> asked{0};
  std::atomic<bool> silent{false};  // the user has not decided yet

  explicit Portal(std::string pipewire) : pipewire_(std::move(pipewire)) {
    thread_ = std::thread([this] { run(); });
    REQUIRE(wait_until([&] { return ready_.load(); }));
  }
  ~Portal() {
    stop_ = true;
    thread_.join();
  }

 private:
  static constexpr const char* kXml =
      "<node><interface name='org.freedesktop.portal.ScreenCast'>"
      "<method name='CreateSession'><arg type='a{sv}' direction='in'/>"
      "<arg type='o' direction='out'/></method>"
      "<method name='SelectSources'><arg type='o' direction='in'/><arg type='a{sv}' "
      "direction='in'/><arg type='o' direction='out'/></method>"
      "<method name='Start'><arg type='o' direction='in'/><arg type='s' direction='in'/>"
      "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
      "<method name='OpenPipeWireRemote'><arg type='o' direction='in'/><arg type='a{sv}' "
      "direction='in'/><arg type='h' direction='out'/></method>"
      "</interface></node>";

  void run() {
    GMainContext* context = g_main_context_new();
    g_main_context_push_thread_default(context);
    GDBusConnection* bus = g_dbus_connection_new_for_address_sync(
        ::getenv("DBUS_SESSION_BUS_ADDRESS"),
        static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION),
        nullptr, nullptr, nullptr);
    GDBusNodeInfo* info = g_dbus_node_info_new_for_xml(kXml, nullptr);
    const GDBusInterfaceVTable table{called, nullptr, nullptr, {}};
    g_dbus_connection_register_object(bus, "/org/freedesktop/portal/desktop", info->interfaces[0],
                                      &table, this, nullptr, nullptr);
    const guint owner = g_bus_own_name_on_connection(
        bus, "org.freedesktop.portal.Desktop", G_BUS_NAME_OWNER_FLAGS_NONE,
        [](GDBusConnection*, const gchar*, gpointer me) {
          static_cast<Portal*>(me)->ready_ = true;
        },
        nullptr, this, nullptr);
    while (!stop_)
      if (!g_main_context_iteration(context, FALSE)) g_usleep(5'000);
    g_bus_unown_name(owner);
    g_dbus_node_info_unref(info);
    g_object_unref(bus);
    g_main_context_pop_thread_default(context);
    g_main_context_unref(context);
  }

  static void called(GDBusConnection* bus, const gchar* sender, const gchar*, const gchar*,
                     const gchar* method, GVariant* parameters, GDBusMethodInvocation* call,
                     gpointer self) {
    auto& me = *static_cast<Portal*>(self);
    const std::string name = method;
    if (name == "OpenPipeWireRemote") return me.hand_over(call);
    const gsize last = g_variant_n_children(parameters) - 1;
    GVariant* options = g_variant_get_child_value(parameters, last);
    const gchar* token = "";
    g_variant_lookup(options, "handle_token", "&s", &token);
    std::string who = sender + 1;
    for (char& c : who)
      if (c == '.') c = '_';
    const std::string path = "/org/freedesktop/portal/desktop/request/" + who + "/" + token;
    g_variant_unref(options);
    g_dbus_method_invocation_return_value(call, g_variant_new("(o)", path.c_str()));
    GVariantBuilder results;
    g_variant_builder_init(&results, G_VARIANT_TYPE("a{sv}"));
    guint32 code = 0;
    if (name == "CreateSession") {
      g_variant_builder_add(&results, "{sv}", "session_handle",
                            g_variant_new_string("/org/freedesktop/portal/desktop/session/a/b"));
    } else if (name == "Start") {
      ++me.asked;
      code = me.answer;
      GVariantBuilder streams;
      g_variant_builder_init(&streams, G_VARIANT_TYPE("a(ua{sv})"));
      g_variant_builder_open(&streams, G_VARIANT_TYPE("(ua{sv})"));
      g_variant_builder_add(&streams, "u", me.node.load());
      g_variant_builder_open(&streams, G_VARIANT_TYPE("a{sv}"));
      g_variant_builder_close(&streams);
      g_variant_builder_close(&streams);
      g_variant_builder_add(&results, "{sv}", "streams", g_variant_builder_end(&streams));
      g_variant_builder_add(&results, "{sv}", "restore_token", g_variant_new_string("again"));
      if (me.silent) {
        g_variant_builder_clear(&results);
        return;
      }
    }
    g_dbus_connection_emit_signal(bus, sender, path.c_str(), "org.freedesktop.portal.Request",
                                  "Response", g_variant_new("(ua{sv})", code, &results), nullptr);
  }

  void hand_over(GDBusMethodInvocation* call) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, pipewire_.c_str(), sizeof to.sun_path - 1);
    (void)::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    GUnixFDList* fds = g_unix_fd_list_new();
    g_unix_fd_list_append(fds, fd, nullptr);
    ::close(fd);
    g_dbus_method_invocation_return_value_with_unix_fd_list(call, g_variant_new("(h)", 0), fds);
    g_object_unref(fds);
  }

  const std::string pipewire_;
  std::atomic<bool> ready_{false}, stop_{false};
  std::thread thread_;
};

}  // namespace kakehashi::testing
