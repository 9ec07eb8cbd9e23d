// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/server.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>

#include "core/clock.h"
#include "rtmp/server_session.h"
#include "rtmp/url.h"

namespace kakehashi::rtmp {
namespace {

constexpr std::size_t kMaxConnections = 16;
constexpr std::size_t kMaxUnsent = 1024 * 1024;  // a peer that never reads our answers
constexpr int kReadsPerTurn = 16;                // of 64 KiB, then the next connection's turn
constexpr Duration kStartLimit =
    Duration::seconds(10);  // from connecting to publish, however much is said
constexpr Duration kSilenceLimit = Duration::seconds(30);  // a publisher whose machine died
constexpr Duration kReplaceAfter = Duration::seconds(3);

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(Fd&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  Fd& operator=(Fd&& o) noexcept {
    std::swap(fd_, o.fd_);
    return *this;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Error system_error(const std::string& doing) {
  return {ErrorKind::FixSetup, doing + ": " + std::strerror(errno)};
}

Result<Fd> open_listener(const Url& url) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(url.port);
  if (const int fault = getaddrinfo(url.host.c_str(), port.c_str(), &hints, &found); fault != 0)
    return Error{ErrorKind::FixInput, "host \"" + url.host + "\": " + gai_strerror(fault)};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  Error last{ErrorKind::FixSetup, "no address to listen on"};
  for (const addrinfo* a = found; a; a = a->ai_next) {
    Fd fd(::socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    // Without it a restarted receiver would wait out the old connections' TIME_WAIT.
    if (fd.get() >= 0) setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd.get() >= 0 && ::bind(fd.get(), a->ai_addr, a->ai_addrlen) == 0 &&
        ::listen(fd.get(), 16) == 0)
      return fd;
    last = system_error("listen on " + url.host + ":" + port);
  }
  return last;
}

int port_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace

struct Server::Impl {
  struct Connection final : SessionHandler {
    Connection(Impl& o, Fd f, MediaTime now)
        : owner(o),
          fd(std::move(f)),
          session(*this, static_cast<std::uint32_t>(now.ns)),
          idle_since(now),
          heard(now) {}

    std::optional<std::string> connect(const std::string& app) override {
      if (!owner.url.app.empty() && app != owner.url.app)
        return "there is no app of this name here";
      return std::nullopt;
    }
    std::optional<std::string> publish(const std::string& app, const std::string& key) override {
      id = owner.next_id++;  // per stream, not per connection: some publish again on the same one
      const std::optional<std::string> refusal = owner.admit(*this, app, key);
      accepted = !refusal;
      return refusal;
    }
    void metadata(const AmfValue& v) override {
      if (owner.callbacks.metadata) owner.callbacks.metadata(id, v);
    }
    void video(std::uint32_t timestamp, ByteView body) override {
      if (owner.callbacks.video) owner.callbacks.video(id, timestamp, heard, body);
    }
    void audio(std::uint32_t timestamp, ByteView body) override {
      if (owner.callbacks.audio) owner.callbacks.audio(id, timestamp, heard, body);
    }
    void unpublished() override { finish("the publisher ended the stream"); }

    void finish(const std::string& reason) {
      if (!accepted) return;
      accepted = false;
      idle_since = owner.clock.now();
      if (owner.callbacks.closed) owner.callbacks.closed(id, reason);
    }

    Impl& owner;
    PublisherId id = 0;
    Fd fd;
    ServerSession session;
    MediaTime idle_since;  // connected, or its last stream ended
    MediaTime heard;       // when the bytes now being worked on were read
    Bytes out;
    bool accepted = false;  // between an accepted publish and its end
    bool dead = false;
  };

  Url url;
  ServerCallbacks callbacks;
  Fd listener, wake;
  int port = 0;
  MonotonicClock clock;
  std::vector<std::unique_ptr<Connection>> connections;
  PublisherId next_id = 1;
  Bytes buffer = Bytes(64 * 1024);
  std::atomic<bool> stopping{false};
  std::thread thread;

  std::optional<std::string> admit(const Connection& newcomer, const std::string& app,
                                   const std::string& key) {
    if (!url.key.empty() && key != url.key) return "the stream key is not the expected one";
    for (const auto& c : connections) {
      if (c.get() == &newcomer || !c->accepted || c->session.app() != app ||
          c->session.key() != key)
        continue;
      if (newcomer.heard - c->heard < kReplaceAfter)
        return "somebody is already publishing under this key";
      end(*c, "silent for more than 3 s; another publisher took its place");
    }
    return callbacks.publish ? callbacks.publish(newcomer.id, app, key) : std::nullopt;
  }

  void end(Connection& c, const std::string& reason) {
    c.finish(reason);
    c.dead = true;
  }

  void take_newcomers() {
    for (;;) {
      Fd fd(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (fd.get() < 0) return;
      if (!make_room()) continue;  // closes at once
      const int on = 1;
      setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      connections.push_back(std::make_unique<Connection>(*this, std::move(fd), clock.now()));
    }
  }

  // Whoever only holds a connection open must not keep a phone out.
  bool make_room() {
    if (connections.size() < kMaxConnections) return true;
    const auto idle = std::find_if(connections.begin(), connections.end(),
                                   [](const auto& c) { return !c->accepted; });
    if (idle == connections.end()) return false;
    connections.erase(idle);  // the oldest: they are in the order of their coming
    return true;
  }

  void read(Connection& c) {
    for (int turn = 0; turn < kReadsPerTurn && !c.dead; ++turn) {
      const ssize_t n = ::recv(c.fd.get(), buffer.data(), buffer.size(), 0);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (n < 0) return end(c, std::string("the connection broke: ") + std::strerror(errno));
      if (n == 0) return end(c, "the publisher closed the connection");
      c.heard = clock.now();
      const Status s =
          c.session.receive(ByteView(buffer).first(static_cast<std::size_t>(n)), c.out);
      if (c.out.size() > kMaxUnsent)
        return end(c, "the publisher does not read what the server answers");
      write(c);
      if (!s) return end(c, s.error().message);
      if (static_cast<std::size_t>(n) < buffer.size()) return;  // the socket is drained
    }
  }

  void write(Connection& c) {
    while (!c.out.empty() && !c.dead) {
      const ssize_t n = ::send(c.fd.get(), c.out.data(), c.out.size(), MSG_NOSIGNAL);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (n < 0) return end(c, std::string("the connection broke: ") + std::strerror(errno));
      c.out.erase(c.out.begin(), c.out.begin() + n);
    }
  }

  void drop_the_silent(MediaTime now) {
    for (const auto& c : connections) {
      if (!c->accepted && now - c->idle_since > kStartLimit)
        end(*c, "did not begin to publish within 10 s");
      else if (c->accepted && now - c->heard > kSilenceLimit)
        end(*c, "nothing arrived for 30 s");
    }
  }

  void run() {
    pthread_setname_np(pthread_self(), "rtmp.server");
    std::vector<pollfd> fds;
    while (!stopping.load()) {
      fds.clear();
      fds.push_back({wake.get(), POLLIN, 0});
      fds.push_back({listener.get(), POLLIN, 0});
      for (const auto& c : connections)
        fds.push_back(
            {c->fd.get(), static_cast<short>(c->out.empty() ? POLLIN : POLLIN | POLLOUT), 0});
      ::poll(fds.data(), fds.size(), 1000);
      for (std::size_t i = 2; i < fds.size(); ++i) {
        Connection& c = *connections[i - 2];
        if (fds[i].revents & POLLOUT) write(c);
        if (!c.dead && (fds[i].revents & (POLLIN | POLLHUP | POLLERR))) read(c);
      }
      drop_the_silent(clock.now());
      std::erase_if(connections, [](const auto& c) { return c->dead; });
      if (fds[1].revents & POLLIN) take_newcomers();
    }
    for (const auto& c : connections) end(*c, "the receiver stopped");
    connections.clear();
  }

  void stop() {
    if (!thread.joinable()) return;
    stopping.store(true);
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(wake.get(), &one, sizeof one);
    thread.join();
    listener = Fd();
  }
};

Result<std::unique_ptr<Server>> Server::listen(const std::string& url, ServerCallbacks callbacks) {
  Result<Url> parsed = parse_url(url);
  if (!parsed) return parsed.error();
  if (parsed->tls)
    return Error{ErrorKind::Unsupported,
                 "rtmps:// cannot be listened on; use rtmp://host:port/app"};
  Result<Fd> listener = open_listener(*parsed);
  if (!listener) return listener.error();
  auto impl = std::make_unique<Impl>();
  impl->url = std::move(*parsed);
  impl->callbacks = std::move(callbacks);
  impl->listener = std::move(*listener);
  impl->wake = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (impl->wake.get() < 0) return system_error("eventfd");
  impl->port = port_of(impl->listener.get());
  impl->thread = std::thread([i = impl.get()] { i->run(); });
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { stop(); }

int Server::port() const { return impl_->port; }

std::string Server::url() const {
  const bool v6 = impl_->url.host.find(':') != std::string::npos;
  return "rtmp://" + (v6 ? "[" + impl_->url.host + "]" : impl_->url.host) + ":" +
         std::to_string(impl_->port) + "/" + impl_->url.app;
}

void Server::stop() { impl_->stop(); }

}  // namespace kakehashi::rtmp
