// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace kakehashi {

void begin_thread(const char* name, Urgency urgency) {
  pthread_setname_np(pthread_self(), name);
  const auto tid = static_cast<id_t>(syscall(SYS_gettid));  // Linux: niceness belongs to the thread
  switch (urgency) {
    case Urgency::Mix: {
      sched_param p{};
      p.sched_priority = 10;
      if (pthread_setschedparam(pthread_self(), SCHED_RR | SCHED_RESET_ON_FORK, &p) != 0)
        setpriority(PRIO_PROCESS, tid, -15);
      break;
    }
    case Urgency::Encode:
      setpriority(PRIO_PROCESS, tid, -8);
      break;
    case Urgency::Looking:
      setpriority(PRIO_PROCESS, tid, 10);
      break;
    case Urgency::Ordinary:
      break;
  }
}

}  // namespace kakehashi
