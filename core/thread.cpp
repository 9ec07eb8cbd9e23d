// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace kakehashi {

namespace {

// Never lowers what the whole process was given by the administrator.
void at_most_nice(id_t tid, int niceness) {
  if (getpriority(PRIO_PROCESS, tid) > niceness) setpriority(PRIO_PROCESS, tid, niceness);
}

}  // namespace

void begin_thread(const std::string& name, Urgency urgency) {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());  // the kernel's limit
  const auto tid = static_cast<id_t>(syscall(SYS_gettid));  // Linux: niceness belongs to the thread
  switch (urgency) {
    case Urgency::Mix: {
      sched_param p{};
      p.sched_priority = 10;
      if (pthread_setschedparam(pthread_self(), SCHED_RR | SCHED_RESET_ON_FORK, &p) != 0)
        at_most_nice(tid, -15);
      break;
    }
    case Urgency::Encode:
      at_most_nice(tid, -11);
      break;
    case Urgency::Looking:
      setpriority(PRIO_PROCESS, tid, 10);
      break;
    case Urgency::Ordinary:
      break;
  }
}

}  // namespace kakehashi
