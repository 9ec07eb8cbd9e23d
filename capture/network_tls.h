// SPDX-License-Identifier: GPL-3.0-or-later
// Why a secure address did not open: GStreamer's sources do not tell a certificate nobody vouches
// for from a cable that is out. Private to capture/.
#pragma once

#include <gio/gio.h>

#include "capture/network_address.h"

namespace kakehashi {

// The certificates in this PEM file; null, and `why`, when there are none. g_object_unref.
GTlsDatabase* read_certificates(const std::string& file, std::string& why);

// Shakes hands and hangs up, at most `limit_s`. True: TLS itself failed (certificate, time,
// versions). `trusted`: null for this machine's own authorities. `any_name`: the certificate need
// not name this address.
bool tls_refused(const NetworkAddress& address, GTlsDatabase* trusted, bool any_name,
                 unsigned limit_s);

}  // namespace kakehashi
