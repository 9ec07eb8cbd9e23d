// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/door/client.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <utility>

#include "station/door/codec.h"
#include "station/door/codec_wire.h"
#include "station/door/descriptor.h"
#include "station/door/picture_mapping.h"
#include "station/door/socket_path.h"

namespace kakehashi {
namespace {

using Steady = std::chrono::steady_clock;
using Limit = std::optional<std::chrono::milliseconds>;  // none: the client's patience

Error gone() { return {ErrorKind::TryLater, "the station closed the connection"}; }

}  // namespace

struct DoorClient::Impl {
  // The station answers in order, so the n-th answer belongs to the n-th line sent.
  enum class Awaited { Posted, Waited, GivenUp };

  Descriptor socket;
  std::chrono::milliseconds patience{};
  std::string out;  // what the socket did not take yet
  std::string in;
  std::size_t scanned = 0;  // no \n in `in` before this place
  std::deque<Awaited> awaited;
  std::deque<Descriptor> descriptors;  // arrived, in order; taken by the answer to "pictures"
  bool descriptors_lost = false;       // this process had no room for one: the order is broken
  std::string newest_event;            // only the newest snapshot is worth parsing
  std::optional<std::string> waited_answer;
  std::vector<Text> refusals;

  Status put(std::string_view line, Awaited kind) {
    out.append(line);
    out += '\n';
    awaited.push_back(kind);
    return flush();
  }

  Status flush() {
    while (!out.empty()) {
      const ssize_t n = ::send(socket.get(), out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return errno == EAGAIN ? Status() : Status(gone());
      out.erase(0, static_cast<std::size_t>(n));
    }
    return {};
  }

  // Reads all that is there. Error: the other end is closed and everything before it was read.
  Status receive() {
    std::vector<char> bytes(64 * 1024);
    while (true) {
      iovec part{bytes.data(), bytes.size()};
      constexpr std::size_t kMostAtOnce = 253;  // SCM_MAX_FD, unix(7)
      alignas(cmsghdr) char control[CMSG_SPACE(kMostAtOnce * sizeof(int))];
      msghdr message{};
      message.msg_iov = &part;
      message.msg_iovlen = 1;
      message.msg_control = control;
      message.msg_controllen = sizeof control;
      const ssize_t n = ::recvmsg(socket.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno == EAGAIN) return {};
      if (n <= 0) return gone();
      take_descriptors(message);
      in.append(bytes.data(), static_cast<std::size_t>(n));
      take_lines();
    }
  }

  void take_descriptors(msghdr& message) {
    if (message.msg_flags & MSG_CTRUNC) descriptors_lost = true;
    for (cmsghdr* head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
      if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
      const std::size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      for (std::size_t i = 0; i < count; ++i) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(head) + i * sizeof(int), sizeof fd);
        descriptors.emplace_back(fd);
      }
    }
  }

  void take_lines() {
    std::size_t start = 0;
    for (auto end = in.find('\n', scanned); end != std::string::npos; end = in.find('\n', start)) {
      take_line(std::string_view(in).substr(start, end - start));
      start = end + 1;
    }
    in.erase(0, start);
    scanned = in.size();
  }

  void take_line(std::string_view line) {
    if (const auto snapshot = door::snapshot_of_event(line); !snapshot.empty()) {
      newest_event = snapshot;
      return;
    }
    if (awaited.empty()) return;
    const Awaited kind = awaited.front();
    awaited.pop_front();
    if (kind == Awaited::Waited) {
      waited_answer = line;
      return;
    }
    auto answer = door::parse_answer(line);
    if (!answer) return;
    const auto late = std::min(answer->boards.size(), descriptors.size());
    descriptors.erase(descriptors.begin(), descriptors.begin() + static_cast<std::ptrdiff_t>(late));
    if (kind == Awaited::Posted && !answer->status)
      refusals.push_back(answer->status.error().words);
  }

  // Sends a line and waits for its own answer.
  Result<std::string> ask(std::string_view line, Limit given = {}) {
    const auto patient = given.value_or(patience);
    const auto deadline = Steady::now() + patient;
    waited_answer.reset();
    if (auto sent = put(line, Awaited::Waited); !sent) return std::move(sent.error());
    while (true) {
      const auto received = receive();
      if (waited_answer) return std::move(*std::exchange(waited_answer, std::nullopt));
      if (!received) return received.error();
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
      if (left <= 0) {
        std::replace(awaited.begin(), awaited.end(), Awaited::Waited, Awaited::GivenUp);
        return Error{ErrorKind::TryLater, "the station did not answer within " +
                                              std::to_string(patient.count()) + " ms"};
      }
      pollfd ready{socket.get(), static_cast<short>(POLLIN | (out.empty() ? 0 : POLLOUT)), 0};
      ::poll(&ready, 1, static_cast<int>(std::min<std::int64_t>(left, 1000)));
      if (auto sent = flush(); !sent && !(ready.revents & POLLIN)) return std::move(sent.error());
    }
  }

  Result<door::Answer> ask_answer(std::string_view line, Limit limit = {}) {
    auto text = ask(line, limit);
    if (!text) return std::move(text.error());
    return door::parse_answer(*text);
  }
};

DoorClient::DoorClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DoorClient::~DoorClient() = default;

Result<std::unique_ptr<DoorClient>> DoorClient::connect(const std::string& path,
                                                        std::chrono::milliseconds patience) {
  auto socket = door::connect_to(path);
  if (!socket) return std::move(socket.error());
  auto impl = std::make_unique<Impl>();
  impl->socket = std::move(*socket);
  impl->patience = patience;
  return std::unique_ptr<DoorClient>(new DoorClient(std::move(impl)));
}

Status DoorClient::send(const Command& command, Limit limit) {
  auto answer = impl_->ask_answer(write_command(command), limit);
  return answer ? std::move(answer->status) : Status(std::move(answer.error()));
}

Status DoorClient::post(const Command& command) {
  return impl_->put(write_command(command), Impl::Awaited::Posted);
}

Result<std::string> DoorClient::exchange(const std::string& line, Limit limit) {
  if (line.find('\n') != std::string::npos)
    return Error{ErrorKind::FixInput, "expected one line, found several"};
  auto answer = impl_->ask(line, limit);
  impl_->descriptors.clear();  // a raw "pictures" has no one to map them
  return answer;
}

Result<Snapshot> DoorClient::snapshot(Limit limit) {
  auto answer = impl_->ask_answer(door::write_request("snapshot"), limit);
  if (!answer) return std::move(answer.error());
  if (!answer->status) return answer->status.error();
  if (!answer->snapshot) return Error{ErrorKind::Bug, "the station's answer has no snapshot"};
  return std::move(*answer->snapshot);
}

Status DoorClient::subscribe(double hz, std::optional<Bus> bus) {
  auto answer = impl_->ask_answer(door::write_subscribe(hz, bus));
  return answer ? std::move(answer->status) : Status(std::move(answer.error()));
}

Result<std::optional<Snapshot>> DoorClient::poll() {
  auto alive = impl_->receive();
  if (alive) alive = impl_->flush();
  if (!impl_->newest_event.empty()) {
    auto snapshot = parse_snapshot(std::exchange(impl_->newest_event, {}));
    if (!snapshot) return std::move(snapshot.error());
    return std::optional<Snapshot>(std::move(*snapshot));
  }
  if (!alive) return std::move(alive.error());
  return std::optional<Snapshot>();
}

std::vector<std::string> DoorClient::take_refusals(Language language) {
  std::vector<std::string> out;
  for (const auto& refusal : std::exchange(impl_->refusals, {}))
    out.push_back(refusal.pick(language));
  return out;
}

Result<std::vector<std::unique_ptr<PictureView>>> DoorClient::pictures() {
  auto answer = impl_->ask_answer(door::write_request("pictures"));
  if (!answer) return std::move(answer.error());
  if (!answer->status) return answer->status.error();
  if (impl_->descriptors_lost || impl_->descriptors.size() < answer->boards.size()) {
    impl_->descriptors.clear();
    impl_->descriptors_lost = false;
    return Error{ErrorKind::FixSetup,
                 "pictures did not arrive: no file descriptor left here (ulimit -n)"};
  }
  std::vector<std::unique_ptr<PictureView>> views;
  for (const auto& board : answer->boards) {
    const Descriptor fd = std::move(impl_->descriptors.front());
    impl_->descriptors.pop_front();
    auto mapped = PictureView::Impl::map(fd.get(), board);
    if (!mapped) return std::move(mapped.error());
    auto view = std::unique_ptr<PictureView>(new PictureView());
    view->impl_ = std::make_unique<PictureView::Impl>(std::move(*mapped));
    views.push_back(std::move(view));
  }
  return views;
}

int DoorClient::fd() const { return impl_->socket.get(); }

}  // namespace kakehashi
