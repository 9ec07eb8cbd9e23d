// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/log.h"
#include "station/door/descriptor.h"

namespace kakehashi {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kHurryLook{20};

std::string words(int code) { return std::system_category().message(code); }

struct Launch {
  char* const* argv;
  int report_fd;  // closed by a successful exec, else carries errno
  int null_fd;
  int output_fd;  // -1: the station's
  pid_t station;
};

// In the child, between vfork and exec: system calls only, the parent's memory is under our feet.
[[noreturn]] void become(const Launch& l) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != l.station) ::_exit(127);  // the station died before the line above
  ::setpgid(0, 0);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int s = 1; s < NSIG; ++s) ::sigaction(s, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(l.null_fd, STDIN_FILENO);
  if (l.output_fd >= 0) ::dup2(l.output_fd, STDOUT_FILENO);
  // Libraries open files without O_CLOEXEC; the child must not hold a camera or a socket open.
  ::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
  ::execvp(l.argv[0], l.argv);
  const int code = errno;
  [[maybe_unused]] const auto n = ::write(l.report_fd, &code, sizeof code);
  ::_exit(127);
}

// vfork, not fork: fork would make every page of the station copy-on-write and the mix loops would
// pay for it with page faults. Signals are blocked so that no handler of ours runs in the child.
__attribute__((noinline)) pid_t launch(const Launch& l) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::vfork();
  if (pid == 0) become(l);
  const int code = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = code;
  return pid;
}

std::string end_words(int status) {
  if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
  return "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

struct ChildProcess::Impl {
  ChildSpec spec;
  Descriptor stop;                 // eventfd: readable when the child is wanted no more
  std::atomic<bool> hurry{false};  // no grace
  Descriptor told;                 // our end of its standard output
  std::thread thread;

  mutable std::mutex mutex;
  ChildStatus status;

  // The thread that forks must live as long as the child: PR_SET_PDEATHSIG fires when the parent
  // *thread* ends (prctl(2)).
  void run() {
    ::pthread_setname_np(::pthread_self(), ("child." + spec.name).substr(0, 15).c_str());
    std::size_t row = 0;  // ends in a row
    while (true) {
      const auto started = Steady::now();
      const bool stopped = run_once();
      if (stopped || spec.once) return note_end_for_good();
      if (Steady::now() - started >= std::chrono::nanoseconds(spec.settled.ns)) row = 0;
      const Duration wait = spec.back_off[std::min(row++, spec.back_off.size() - 1)];
      log_warning("child." + spec.name, last_end() + "; starting again in " +
                                            std::to_string(wait.ns / 1'000'000) + " ms");
      if (wait_for_stop(-1, std::chrono::nanoseconds(wait.ns))) return note_end_for_good();
      const std::lock_guard lock(mutex);
      ++status.restarts;
    }
  }

  std::string last_end() const {
    const std::lock_guard lock(mutex);
    return status.last_end;
  }

  // True: stopped on request.
  bool run_once() {
    std::string failure;
    const pid_t pid = spawn(failure);
    if (pid <= 0) {
      note_end(failure);
      return false;
    }
    const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    {
      const std::lock_guard lock(mutex);
      status.running = true;
      status.pid = pid;
    }
    const bool stopped = wait_for_stop(handle.get(), std::chrono::hours(24 * 365));
    if (stopped) {
      ::kill(pid, SIGTERM);
      if (!wait_for_end(handle.get())) ::kill(spec.once ? -pid : pid, SIGKILL);
    }
    int code = 0;
    if (spec.once) {  // before it is reaped the group's number cannot be another's
      siginfo_t ended{};
      while (::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT) < 0 &&
             errno == EINTR) {
      }
      ::kill(-pid, SIGKILL);
    }
    while (::waitpid(pid, &code, 0) < 0 && errno == EINTR) {
    }
    // What its pipe still holds, and no more: a process it left elsewhere may write on for ever.
    for (int piece = 0; piece < 16 && take_output(); ++piece) {
    }
    told = Descriptor();
    note_end(end_words(code));
    return stopped;
  }

  void note_end_for_good() {
    const std::lock_guard lock(mutex);
    status.ended = true;
  }

  void note_end(std::string how) {
    const std::lock_guard lock(mutex);
    status.running = false;
    status.pid = 0;
    status.last_end = std::move(how);
  }

  pid_t spawn(std::string& failure) {
    std::vector<char*> argv;
    for (auto& word : spec.argv) argv.push_back(word.data());
    argv.push_back(nullptr);
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) {
      failure = "cannot be started: " + words(errno);
      return -1;
    }
    const Descriptor report(ends[0]);
    Descriptor write_end(ends[1]);
    const Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Descriptor output;
    if (spec.output) {
      int pipe[2] = {-1, -1};
      if (::pipe2(pipe, O_CLOEXEC) != 0) {
        failure = "cannot be started: " + words(errno);
        return -1;
      }
      told = Descriptor(pipe[0]);
      output = Descriptor(pipe[1]);
      ::fcntl(told.get(), F_SETFL, O_NONBLOCK);
    }
    const pid_t pid = launch(
        {argv.data(), write_end.get(), null.get(), spec.output ? output.get() : -1, ::getpid()});
    if (pid < 0) {
      failure = "cannot be started: " + words(errno);
      return -1;
    }
    write_end = Descriptor();
    int code = 0;
    if (::read(report.get(), &code, sizeof code) != sizeof code) return pid;
    ::waitpid(pid, nullptr, 0);
    failure = "cannot be started: " + spec.argv.front() + ": " + words(code);
    return -1;
  }

  // True when stop was asked for; false when `handle` became readable or the limit passed.
  bool wait_for_stop(int handle, std::chrono::nanoseconds limit) {
    return wait(stop.get(), handle, limit) == stop.get();
  }
  // False: it is time to kill it.
  bool wait_for_end(int handle) {
    const auto deadline = Steady::now() + std::chrono::nanoseconds(spec.grace.ns);
    while (!hurry && Steady::now() < deadline)
      if (wait(-1, handle,
               std::min<std::chrono::nanoseconds>(kHurryLook, deadline - Steady::now())) == handle)
        return true;
    return false;
  }

  // Which of the two became readable, -2 when the limit passed; output is taken meanwhile, or the
  // child would wait for us.
  int wait(int first, int second, std::chrono::nanoseconds limit) {
    const auto deadline = Steady::now() + limit;
    while (true) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
      if (left <= 0) return -2;
      pollfd watched[3] = {
          {first, POLLIN, 0}, {second, POLLIN, 0}, {told ? told.get() : -1, POLLIN, 0}};
      ::poll(watched, 3, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
      if (watched[0].revents) return first;
      if (watched[2].revents && !take_output()) told = Descriptor();
      if (watched[1].revents) return second;
    }
  }

  // False: nothing is there, or it has closed its end.
  bool take_output() {
    if (!told) return false;
    char bytes[4096];
    const auto n = ::read(told.get(), bytes, sizeof bytes);
    if (n <= 0) return n < 0 && errno == EINTR;
    spec.output({bytes, static_cast<std::size_t>(n)});
    return true;
  }
};

ChildProcess::ChildProcess(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(ChildSpec spec) {
  if (spec.argv.empty() || spec.back_off.empty())
    return Error{ErrorKind::FixInput, "child \"" + spec.name + "\": no program to start"};
  auto impl = std::make_unique<Impl>();
  impl->spec = std::move(spec);
  impl->stop = Descriptor(::eventfd(0, EFD_CLOEXEC));
  if (!impl->stop)
    return Error{ErrorKind::FixSetup, "child \"" + impl->spec.name + "\": " + words(errno)};
  impl->thread = std::thread([raw = impl.get()] { raw->run(); });
  return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(impl)));
}

ChildProcess::~ChildProcess() {
  stop();
  impl_->thread.join();
}

void ChildProcess::stop() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(impl_->stop.get(), &one, sizeof one);
}

void ChildProcess::kill() {
  impl_->hurry = true;
  stop();
}

ChildStatus ChildProcess::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->status;
}

}  // namespace kakehashi
