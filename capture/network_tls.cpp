// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/network_tls.h"

namespace kakehashi {
namespace {

struct Wish {
  GTlsDatabase* trusted;
  bool any_name;
};

gboolean accept(GTlsConnection*, GTlsCertificate*, GTlsCertificateFlags wrong, gpointer data) {
  return static_cast<Wish*>(data)->any_name && wrong == G_TLS_CERTIFICATE_BAD_IDENTITY;
}

void prepare(GSocketClient*, GSocketClientEvent event, GSocketConnectable*, GIOStream* stream,
             gpointer data) {
  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKING) return;
  if (GTlsDatabase* trusted = static_cast<Wish*>(data)->trusted)
    g_tls_connection_set_database(G_TLS_CONNECTION(stream), trusted);
  g_signal_connect(stream, "accept-certificate", G_CALLBACK(accept), data);
}

}  // namespace

GTlsDatabase* read_certificates(const std::string& file, std::string& why) {
  GError* fault = nullptr;
  GTlsDatabase* found = g_tls_file_database_new(file.c_str(), &fault);
  if (!found) why = fault ? fault->message : "not readable";
  g_clear_error(&fault);
  return found;
}

bool tls_refused(const NetworkAddress& address, GTlsDatabase* trusted, bool any_name,
                 unsigned limit_s) {
  Wish wish{trusted, any_name};
  GSocketClient* client = g_socket_client_new();
  g_socket_client_set_tls(client, TRUE);
  g_socket_client_set_timeout(client, limit_s);
  g_signal_connect(client, "event", G_CALLBACK(prepare), &wish);
  GError* fault = nullptr;
  GSocketConnectable* to =
      g_network_address_new(address.host.c_str(), static_cast<guint16>(address.port));
  GSocketConnection* connection = g_socket_client_connect(client, to, nullptr, &fault);
  const bool refused = fault && fault->domain == G_TLS_ERROR;
  g_clear_error(&fault);
  if (connection) g_object_unref(connection);
  g_object_unref(to);
  g_object_unref(client);
  return refused;
}

}  // namespace kakehashi
