// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/door/desk.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "station/door/codec_wire.h"

namespace kakehashi::door {
namespace {

constexpr std::size_t kMostUnsent = 4 * 1024 * 1024;
constexpr std::size_t kDescriptorsAtOnce = 64;

// One sendmsg; descriptors ride on the first byte.
ssize_t send_some(int fd, const char* data, std::size_t size,
                  const std::vector<Descriptor>& descriptors) {
  iovec part{const_cast<char*>(data), size};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(kDescriptorsAtOnce * sizeof(int))] = {};
  if (const std::size_t n = std::min(descriptors.size(), kDescriptorsAtOnce); n > 0) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(n * sizeof(int));
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(n * sizeof(int));
    for (std::size_t i = 0; i < n; ++i) {
      const int handed = descriptors[i].get();
      std::memcpy(CMSG_DATA(head) + i * sizeof(int), &handed, sizeof handed);
    }
  }
  return ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

Desk::Read Desk::receive() {
  in_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  char bytes[64 * 1024];
  // Descriptors from a desk have no meaning: without room for them the kernel closes them.
  const ssize_t n = ::recv(fd(), bytes, sizeof bytes, MSG_DONTWAIT);
  if (n > 0) {
    in_.append(bytes, static_cast<std::size_t>(n));
    return Read::More;
  }
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? Read::More : Read::Gone;
}

std::optional<Desk::Line> Desk::next_line() {
  while (true) {
    const auto end = in_.find('\n', scanned_);
    const bool whole = end != std::string::npos;
    const std::size_t start = begin_;
    const std::size_t size = (whole ? end : in_.size()) - start;
    scanned_ = whole ? end + 1 : in_.size();
    if (skipping_) {
      begin_ = scanned_;
      if (!whole) return std::nullopt;
      skipping_ = false;
      continue;
    }
    if (size > kLongestLine) {
      begin_ = scanned_;
      skipping_ = !whole;
      return Line{{}, true};
    }
    if (!whole) return std::nullopt;
    begin_ = scanned_;
    return Line{in_.substr(start, size), false};
  }
}

bool Desk::send(std::string line, std::vector<Descriptor> descriptors) {
  line += '\n';
  return send(std::make_shared<const std::string>(std::move(line)), std::move(descriptors));
}

bool Desk::send(std::shared_ptr<const std::string> line, std::vector<Descriptor> descriptors) {
  // A single line may be longer than the limit; what counts is that earlier ones were not read.
  if (out_bytes_ > 0 && out_bytes_ + line->size() > kMostUnsent) return false;
  out_bytes_ += line->size();
  out_.push_back({std::move(line), 0, std::move(descriptors)});
  return true;
}

bool Desk::flush() {
  while (!out_.empty()) {
    auto& front = out_.front();
    // While more descriptors wait behind these, only one byte goes with them, so that each group
    // has a byte of its own to ride on. A line is always longer than its groups.
    const bool more_groups = front.descriptors.size() > kDescriptorsAtOnce;
    const std::size_t left = front.line->size() - front.sent;
    const ssize_t n =
        send_some(fd(), front.line->data() + front.sent, more_groups ? 1 : left, front.descriptors);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    const auto gone = std::min(front.descriptors.size(), kDescriptorsAtOnce);
    front.descriptors.erase(front.descriptors.begin(),
                            front.descriptors.begin() + static_cast<std::ptrdiff_t>(gone));
    front.sent += static_cast<std::size_t>(n);
    out_bytes_ -= static_cast<std::size_t>(n);
    if (front.sent == front.line->size()) out_.pop_front();
  }
  return true;
}

}  // namespace kakehashi::door
