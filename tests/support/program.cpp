// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/wait.h"

namespace kakehashi::testing {

Program::Program(std::vector<std::string> argv, Environment more) : log_(folder_.path() + "/log") {
  std::vector<char*> words;
  for (auto& w : argv) words.push_back(w.data());
  words.push_back(nullptr);
  const int log = open(log_.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves nothing behind
    dup2(log, 1);
    dup2(log, 2);
    for (const auto& [name, value] : more) setenv(name.c_str(), value.c_str(), 1);
    execvp(words[0], words.data());
    _exit(127);
  }
  close(log);
}

Program::~Program() {
  if (!running()) return;
  kill(pid_, SIGTERM);
  if (wait(std::chrono::seconds(3)) < 0) {
    kill(pid_, SIGKILL);
    wait();
  }
}

bool Program::running() {
  if (status_ >= 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return false;
}

int Program::wait(std::chrono::milliseconds limit) {
  wait_until([this] { return !running(); }, limit);
  return status_;
}

void Program::signal(int number) {
  if (running()) kill(pid_, number);
}

std::string Program::output() const {
  std::ifstream in(log_);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool Program::wait_for_output(const std::string& words, std::chrono::milliseconds limit) {
  return wait_until([&] { return output().find(words) != std::string::npos || !running(); },
                    limit) &&
         output().find(words) != std::string::npos;
}

XDisplay::XDisplay(const std::string& size) {
  server_ = std::make_unique<Program>(std::vector<std::string>{
      "Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp", "-noreset", "-ac"});
  std::string number;
  wait_until([&] {
    std::istringstream lines(server_->output());
    for (std::string line; std::getline(lines, line);)
      if (!line.empty() && line.find_first_not_of("0123456789") == std::string::npos) number = line;
    return !number.empty() || !server_->running();
  });
  if (number.empty()) throw std::runtime_error("Xvfb did not start: " + server_->output());
  name_ = ":" + number;
}

SoundServer::SoundServer() {
  server_ = std::make_unique<Program>(
      std::vector<std::string>{
          "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
          "--load=module-null-sink sink_name=hall rate=48000",
          "--load=module-native-protocol-unix auth-anonymous=1 socket=" + folder_.path() +
              "/socket"},
      Environment{{"HOME", folder_.path()}, {"XDG_RUNTIME_DIR", folder_.path()}});
  if (!wait_until([&] { return access((folder_.path() + "/socket").c_str(), F_OK) == 0; }))
    throw std::runtime_error("PulseAudio did not start: " + server_->output());
}

Environment SoundServer::environment() const {
  return {{"PULSE_SERVER", "unix:" + folder_.path() + "/socket"},
          {"PULSE_SOURCE", "hall.monitor"},
          {"PULSE_SINK", "hall"},
          {"PULSE_COOKIE", folder_.path() + "/cookie"}};
}

std::unique_ptr<Program> SoundServer::play_tone(int hz) const {
  return std::make_unique<Program>(
      std::vector<std::string>{"ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i",
                               "sine=frequency=" + std::to_string(hz) + ":sample_rate=48000", "-af",
                               "volume=12dB", "-f", "pulse", "-device", "hall", "tone"},
      environment());
}

}  // namespace kakehashi::testing
