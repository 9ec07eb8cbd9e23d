// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates made on the spot, good and bad, and a proxy that speaks TLS with them in front of
// any server: what turns an RTMP server into an RTMPS one. Needs OpenSSL.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/tcp_server.h"

namespace kakehashi::testing {

// A self-signed certificate for `name`, valid from `from` to `until` seconds from now, in a file.
struct Certificate {
  EVP_PKEY* key = EVP_RSA_gen(2048);
  X509* x509 = X509_new();
  std::string file;

  Certificate(const char* name, long from, long until) {
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), from);
    X509_gmtime_adj(X509_getm_notAfter(x509), until);
    X509_set_pubkey(x509, key);
    X509_NAME* subject = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(x509, subject);
    X509_EXTENSION* alt = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name,
                                              (std::string("DNS:") + name).c_str());
    X509_add_ext(x509, alt, -1);
    X509_EXTENSION_free(alt);
    X509_sign(x509, key, EVP_sha256());
    static int count = 0;
    file = (std::filesystem::temp_directory_path() /
            ("kakehashi_certificate_" + std::to_string(::getpid()) + "_" + std::to_string(count++)))
               .string();
    FILE* out = std::fopen(file.c_str(), "w");
    if (!out) std::abort();
    PEM_write_X509(out, x509);
    std::fclose(out);
  }
  ~Certificate() {
    std::filesystem::remove(file);
    X509_free(x509);
    EVP_PKEY_free(key);
  }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
};

// For TcpServer: carries one connection at a time to 127.0.0.1:`port`.
inline auto tls_proxy(const Certificate& certificate, int port) {
  return [&certificate, port](TcpServer& server, int fd) {
    timeval limit{2, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context, certificate.x509);
    SSL_CTX_use_PrivateKey(context, certificate.key);
    SSL* tls = SSL_new(context);
    SSL_set_fd(tls, fd);
    const int inner = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons(static_cast<std::uint16_t>(port));
    if (SSL_accept(tls) == 1 && ::connect(inner, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0) {
      char bytes[16384];
      for (bool open = true; open && !server.stopping();) {
        pollfd p[2] = {{fd, POLLIN, 0}, {inner, POLLIN, 0}};
        if (SSL_pending(tls) == 0 && ::poll(p, 2, 20) <= 0) continue;
        if (SSL_pending(tls) > 0 || p[0].revents) {
          const int n = SSL_read(tls, bytes, sizeof bytes);
          open = n > 0 && TcpServer::say(inner, {bytes, static_cast<std::size_t>(n)});
        }
        if (open && p[1].revents) {
          const auto n = ::recv(inner, bytes, sizeof bytes, 0);
          open = n > 0 && SSL_write(tls, bytes, static_cast<int>(n)) > 0;
        }
      }
    }
    ::close(inner);
    SSL_free(tls);
    SSL_CTX_free(context);
  };
}

}  // namespace kakehashi::testing
