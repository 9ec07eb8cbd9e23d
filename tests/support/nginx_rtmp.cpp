// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/nginx_rtmp.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/support/wait.h"

namespace kakehashi::testing {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

bool answers(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool yes = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return yes;
}

// A child that is the head of its own process group and dies with us. `out`: its standard output.
pid_t spawn(const std::vector<std::string>& command, int out) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t pid = fork();
  if (pid != 0) return pid;
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (out >= 0) dup2(out, STDOUT_FILENO);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

std::string output_of(const std::vector<std::string>& command, int* status) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) return {};
  const pid_t pid = spawn(command, pipe_ends[1]);
  close(pipe_ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(pipe_ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  close(pipe_ends[0]);
  int code = -1;
  if (pid > 0) waitpid(pid, &code, 0);
  if (status) *status = WIFEXITED(code) ? WEXITSTATUS(code) : -1;
  return text;
}

NginxRtmp::NginxRtmp() : port_(free_port()) {
  std::filesystem::create_directory(folder_.path() + "/received");
  std::ofstream file(folder_.path() + "/nginx.conf");
  if (geteuid() == 0) file << "user root;\n";  // the worker writes into our private folder
  file << "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;\n"
       << "worker_processes 1;\ndaemon off;\npid " << folder_.path() << "/nginx.pid;\n"
       << "error_log " << folder_.path() << "/error.log info;\n"
       << "events { worker_connections 64; }\n"
       << "rtmp { access_log off; server { listen 127.0.0.1:" << port_ << ";\n"
       << "  application live { live on; record all; record_unique on; record_path "
       << folder_.path() << "/received; }\n"
       << "  application closed { live on; deny publish all; }\n"
       << "} }\n";
  file.close();
  start();
}

NginxRtmp::~NginxRtmp() { kill(); }

std::string NginxRtmp::url(const std::string& application) const {
  return "rtmp://127.0.0.1:" + std::to_string(port_) + "/" + application;
}

bool NginxRtmp::start() {
  pid_ = spawn({"nginx", "-p", folder_.path(), "-e", folder_.path() + "/error.log", "-c",
                folder_.path() + "/nginx.conf"},
               -1);
  return pid_ > 0 && wait_until([this] { return answers(port_); });
}

void NginxRtmp::pause() {
  // The worker is in the master's process group.
  if (pid_ > 0) ::kill(-pid_, SIGSTOP);
}

void NginxRtmp::kill() {
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
  // The worker is not our child: it is gone when its socket is.
  wait_until([this] { return !answers(port_); });
}

std::vector<std::string> NginxRtmp::recordings() const {
  std::multimap<std::filesystem::file_time_type, std::string> by_time;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path() + "/received", code))
    by_time.emplace(entry.last_write_time(code), entry.path().string());
  std::vector<std::string> paths;
  std::transform(by_time.begin(), by_time.end(), std::back_inserter(paths),
                 [](const auto& item) { return item.second; });
  return paths;
}

std::string NginxRtmp::log() const {
  std::ifstream file(folder_.path() + "/error.log");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace kakehashi::testing
