// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/portal_session.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <unistd.h>

#include <string_view>

namespace kakehashi {
namespace {

constexpr const char* kBus = "org.freedesktop.portal.Desktop";
constexpr const char* kPath = "/org/freedesktop/portal/desktop";
constexpr const char* kCast = "org.freedesktop.portal.ScreenCast";
constexpr int kCallTimeout = 5000;  // ms; only the user's answer may take longer

struct Answer {
  bool there = false;
  guint32 code = 2;  // 0 yes, 1 the user said no, 2 ended otherwise
  GVariant* results = nullptr;
  ~Answer() {
    if (results) g_variant_unref(results);
  }
};

void on_response(GDBusConnection*, const gchar*, const gchar*, const gchar*, const gchar*,
                 GVariant* parameters, gpointer to) {
  auto& answer = *static_cast<Answer*>(to);
  if (answer.there) return;
  g_variant_get(parameters, "(u@a{sv})", &answer.code, &answer.results);
  answer.there = true;
}

Error error_of(GError* e, const char* what) {
  Error out{ErrorKind::FixSetup, std::string("this desktop does not share its screen (") + what +
                                     ": " + (e ? e->message : "no answer") +
                                     "); install xdg-desktop-portal and the one of your desktop"};
  g_clear_error(&e);
  return out;
}

}  // namespace

struct PortalSession::Impl {
  GMainContext* context = g_main_context_new();
  GDBusConnection* bus = nullptr;
  std::string session;
  guint closed_signal = 0;
  bool closed = false;
  int fd = -1;
  std::string target;
  int requests = 0;

  ~Impl() {
    if (bus && !session.empty())
      g_dbus_connection_call(bus, kBus, session.c_str(), "org.freedesktop.portal.Session", "Close",
                             nullptr, nullptr, G_DBUS_CALL_FLAGS_NONE, kCallTimeout, nullptr,
                             nullptr, nullptr);
    if (closed_signal) g_dbus_connection_signal_unsubscribe(bus, closed_signal);
    if (bus) {
      g_dbus_connection_flush_sync(bus, nullptr, nullptr);
      g_object_unref(bus);
    }
    if (fd >= 0) ::close(fd);
    g_main_context_unref(context);
  }

  Status connect();
  Status request(const char* method, GVariant* (*parameters)(Impl&, GVariantBuilder*),
                 GVariantBuilder* options, const std::atomic<bool>& stop, Answer& answer);
  Status remote();
};

// A connection of its own: signals arrive in `context`, wherever this thread looks.
Status PortalSession::Impl::connect() {
  GError* e = nullptr;
  gchar* address = g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SESSION, nullptr, &e);
  if (!address) return error_of(e, "no session bus");
  bus = g_dbus_connection_new_for_address_sync(
      address,
      static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                        G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION),
      nullptr, nullptr, &e);
  g_free(address);
  if (!bus) return error_of(e, "no session bus");
  g_dbus_connection_set_exit_on_close(bus, FALSE);
  return {};
}

// Calls a method that answers by a Response signal. The request's path is known beforehand (portal
// documentation, "Requests"), so the answer cannot come before somebody listens.
Status PortalSession::Impl::request(const char* method,
                                    GVariant* (*parameters)(Impl&, GVariantBuilder*),
                                    GVariantBuilder* options, const std::atomic<bool>& stop,
                                    Answer& answer) {
  std::string sender = g_dbus_connection_get_unique_name(bus) + 1;
  for (char& c : sender)
    if (c == '.') c = '_';
  const std::string token = "kakehashi" + std::to_string(++requests);
  const std::string path = "/org/freedesktop/portal/desktop/request/" + sender + "/" + token;
  g_variant_builder_add(options, "{sv}", "handle_token", g_variant_new_string(token.c_str()));
  const guint signal = g_dbus_connection_signal_subscribe(
      bus, kBus, "org.freedesktop.portal.Request", "Response", path.c_str(), nullptr,
      G_DBUS_SIGNAL_FLAGS_NO_MATCH_RULE, on_response, &answer, nullptr);
  // The signal is sent to this connection alone: no match rule is needed.
  GError* e = nullptr;
  GVariant* handle = g_dbus_connection_call_sync(bus, kBus, kPath, kCast, method,
                                                 parameters(*this, options), G_VARIANT_TYPE("(o)"),
                                                 G_DBUS_CALL_FLAGS_NONE, kCallTimeout, nullptr, &e);
  if (handle) {
    g_variant_unref(handle);
    while (!answer.there && !stop && !g_dbus_connection_is_closed(bus)) {
      if (!g_main_context_iteration(context, FALSE)) g_usleep(20'000);
    }
  }
  g_dbus_connection_signal_unsubscribe(bus, signal);
  if (!handle) return error_of(e, method);
  if (!answer.there) return Error{ErrorKind::TryLater, "nobody has chosen a screen to share yet"};
  if (answer.code == 1)
    return Error{ErrorKind::FixInput,
                 "sharing the screen was refused; choose a screen and allow it"};
  if (answer.code != 0)
    return Error{ErrorKind::TryLater, std::string("the desktop ended the request ") + method};
  return {};
}

Status PortalSession::Impl::remote() {
  GError* e = nullptr;
  GUnixFDList* fds = nullptr;
  GVariantBuilder options;
  g_variant_builder_init(&options, G_VARIANT_TYPE("a{sv}"));
  GVariant* reply = g_dbus_connection_call_with_unix_fd_list_sync(
      bus, kBus, kPath, kCast, "OpenPipeWireRemote",
      g_variant_new("(oa{sv})", session.c_str(), &options), G_VARIANT_TYPE("(h)"),
      G_DBUS_CALL_FLAGS_NONE, kCallTimeout, nullptr, &fds, nullptr, &e);
  if (!reply) return error_of(e, "OpenPipeWireRemote");
  gint32 index = 0;
  g_variant_get(reply, "(h)", &index);
  g_variant_unref(reply);
  fd = fds ? g_unix_fd_list_get(fds, index, &e) : -1;
  if (fds) g_object_unref(fds);
  return fd < 0 ? Status(error_of(e, "OpenPipeWireRemote")) : Status{};
}

PortalSession::PortalSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PortalSession::~PortalSession() = default;

Result<std::unique_ptr<PortalSession>> PortalSession::open(std::string& token,
                                                           const std::atomic<bool>& stop) {
  auto impl = std::make_unique<Impl>();
  Impl& m = *impl;
  g_main_context_push_thread_default(m.context);
  const auto leave = [&](Status s) {
    g_main_context_pop_thread_default(m.context);
    return s;
  };
  const auto steps = [&]() -> Status {
    if (Status s = m.connect(); !s.ok()) return s;
    GVariantBuilder options;
    {
      g_variant_builder_init(&options, G_VARIANT_TYPE("a{sv}"));
      g_variant_builder_add(&options, "{sv}", "session_handle_token",
                            g_variant_new_string("kakehashi"));
      Answer answer;
      Status s = m.request(
          "CreateSession", [](Impl&, GVariantBuilder* o) { return g_variant_new("(a{sv})", o); },
          &options, stop, answer);
      if (!s.ok()) return s;
      const gchar* handle = nullptr;
      if (!g_variant_lookup(answer.results, "session_handle", "&s", &handle))
        return error_of(nullptr, "CreateSession");
      m.session = handle;
    }
    m.closed_signal = g_dbus_connection_signal_subscribe(
        m.bus, kBus, "org.freedesktop.portal.Session", "Closed", m.session.c_str(), nullptr,
        G_DBUS_SIGNAL_FLAGS_NO_MATCH_RULE,
        [](GDBusConnection*, const gchar*, const gchar*, const gchar*, const gchar*, GVariant*,
           gpointer closed) { *static_cast<bool*>(closed) = true; },
        &m.closed, nullptr);
    {
      g_variant_builder_init(&options, G_VARIANT_TYPE("a{sv}"));
      g_variant_builder_add(&options, "{sv}", "types", g_variant_new_uint32(1 | 2));
      g_variant_builder_add(&options, "{sv}", "cursor_mode", g_variant_new_uint32(2));  // embedded
      g_variant_builder_add(&options, "{sv}", "persist_mode", g_variant_new_uint32(1));
      if (!token.empty())
        g_variant_builder_add(&options, "{sv}", "restore_token",
                              g_variant_new_string(token.c_str()));
      Answer answer;
      Status s = m.request(
          "SelectSources",
          [](Impl& i, GVariantBuilder* o) {
            return g_variant_new("(oa{sv})", i.session.c_str(), o);
          },
          &options, stop, answer);
      if (!s.ok()) return s;
    }
    g_variant_builder_init(&options, G_VARIANT_TYPE("a{sv}"));
    Answer answer;
    Status s = m.request(
        "Start",
        [](Impl& i, GVariantBuilder* o) {
          return g_variant_new("(osa{sv})", i.session.c_str(), "", o);
        },
        &options, stop, answer);
    if (!s.ok()) return s;
    GVariantIter* streams = nullptr;
    guint32 node = 0;
    GVariant* properties = nullptr;
    if (!g_variant_lookup(answer.results, "streams", "a(ua{sv})", &streams))
      return error_of(nullptr, "Start");
    const bool one = g_variant_iter_next(streams, "(u@a{sv})", &node, &properties);
    if (properties) g_variant_unref(properties);
    g_variant_iter_free(streams);
    if (!one) return error_of(nullptr, "Start");
    m.target = std::to_string(node);
    const gchar* next = nullptr;
    if (g_variant_lookup(answer.results, "restore_token", "&s", &next)) token = next;
    return m.remote();
  };
  if (Status s = leave(steps()); !s.ok())
    return std::move(s.error()).context("screen of the desktop");
  return std::unique_ptr<PortalSession>(new PortalSession(std::move(impl)));
}

int PortalSession::fd() const { return impl_->fd; }
std::string PortalSession::target() const { return impl_->target; }

bool PortalSession::closed() {
  while (g_main_context_iteration(impl_->context, FALSE)) {
  }
  return impl_->closed || g_dbus_connection_is_closed(impl_->bus);
}

}  // namespace kakehashi
