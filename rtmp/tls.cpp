// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>

namespace kakehashi::rtmp {
namespace {

LineTrouble trouble_of_certificate(long code) {
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return LineTrouble::Expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return LineTrouble::NotYetValid;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return LineTrouble::WrongName;
    default:
      return LineTrouble::Untrusted;
  }
}

}  // namespace

Tls::Tls(const std::string& host, const std::string& ca_file) {
  context_ = SSL_CTX_new(TLS_client_method());
  if (!context_) return;
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_locations(context_, ca_file.c_str(), nullptr) != 1)
    said_ = "the list of certificates " + ca_file + " cannot be read";
  ssl_ = SSL_new(context_);
  BIO* in = ssl_ ? BIO_new(BIO_s_mem()) : nullptr;
  BIO* out = in ? BIO_new(BIO_s_mem()) : nullptr;
  if (!out) {
    BIO_free(in);
    SSL_free(ssl_);
    ssl_ = nullptr;
    return;
  }
  BIO_set_mem_eof_return(in, -1);  // empty means "not yet", not "the end"
  SSL_set_bio(ssl_, in, out);
  SSL_set_connect_state(ssl_);
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), host.c_str()) != 1) {
    SSL_set1_host(ssl_, host.c_str());
    SSL_set_tlsext_host_name(ssl_, host.c_str());
  }
  ERR_clear_error();
}

Tls::~Tls() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
}

Tls::Step Tls::shake_hands() {
  if (!ssl_) return Step::Failed;
  ERR_clear_error();
  const int n = SSL_do_handshake(ssl_);
  if (n == 1) return Step::Done;
  const int why = SSL_get_error(ssl_, n);
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return Step::Going;
  ERR_clear_error();
  const long verified = SSL_get_verify_result(ssl_);
  if (verified != X509_V_OK) {
    // An unreadable list of certificates is why; that none fits follows from it.
    if (said_.empty()) said_ = X509_verify_cert_error_string(verified);
    trouble_ = trouble_of_certificate(verified);
  } else {
    trouble_ = LineTrouble::NoTls;
  }
  return Step::Failed;
}

void Tls::arrived(ByteView raw) {
  BIO_write(SSL_get_rbio(ssl_), raw.data(), static_cast<int>(raw.size()));
}

std::optional<ByteView> Tls::seal(std::span<const ByteView> pieces) {
  // Each SSL_write makes records of its own, so the pieces are laid together first.
  plain_.clear();
  for (const ByteView& p : pieces) plain_.insert(plain_.end(), p.begin(), p.end());
  ERR_clear_error();
  if (!plain_.empty() && SSL_write(ssl_, plain_.data(), static_cast<int>(plain_.size())) <= 0) {
    ERR_clear_error();
    return std::nullopt;
  }
  return sealed();
}

ByteView Tls::seal_end() {
  SSL_shutdown(ssl_);
  ERR_clear_error();
  return sealed();
}

ByteView Tls::sealed() const {
  if (!ssl_) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(ssl_), &data);
  return {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

void Tls::sealed_taken() { (void)BIO_reset(SSL_get_wbio(ssl_)); }

LineTrouble Tls::open(ByteView raw, Bytes& into) {
  arrived(raw);
  std::array<std::uint8_t, 16 * 1024> block;
  for (;;) {
    ERR_clear_error();
    const int n = SSL_read(ssl_, block.data(), static_cast<int>(block.size()));
    if (n > 0) {
      into.insert(into.end(), block.begin(), block.begin() + n);
      continue;
    }
    const int why = SSL_get_error(ssl_, n);
    ERR_clear_error();
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? LineTrouble::None
                                                                     : LineTrouble::HungUp;
  }
}

}  // namespace kakehashi::rtmp
