// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/disk_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/nginx_rtmp.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using Wait = DiskWriter::Wait;

namespace {

int make(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(fd >= 0);
  return fd;
}

std::vector<std::uint8_t> bytes(std::size_t n, std::uint8_t value) {
  return std::vector<std::uint8_t>(n, value);
}

// A disk that does nothing until it is let go.
struct Held {
  std::shared_ptr<std::promise<void>> let_go = std::make_shared<std::promise<void>>();
  std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
  DiskCalls disk() const {
    DiskCalls c = usual_disk_calls();
    c.write = [future = let_go->get_future().share(), n = calls](int fd, const void* b,
                                                                 std::size_t size, off_t at) {
      ++*n;
      future.wait();
      return ::pwrite(fd, b, size, at);
    };
    return c;
  }
};

}  // namespace

TEST_CASE("bytes come where they belong, also when it is gone back into the file") {
  TempDir folder;
  const std::string path = folder.path() + "/f";
  DiskWriter writer(make(path), "test");
  CHECK(writer.put(0, bytes(10, 'a'), Wait(0)) == 0);
  CHECK(writer.put(10, bytes(10, 'b'), Wait(0)) == 0);
  CHECK(writer.put(4, bytes(2, 'x'), Wait(0)) == 0);
  CHECK(writer.drain(Wait(5000)) == 0);
  CHECK(writer.written() == 20);
  CHECK(writer.behind() == 0);
  std::ifstream file(path);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "aaaaxxaaaabbbbbbbbbb");
}

TEST_CASE("a disk that hangs holds nobody up: what does not fit is refused within the patience") {
  TempDir folder;
  Held held;
  {
    DiskWriter writer(make(folder.path() + "/f"), "test", 1000, held.disk());
    CHECK(writer.put(0, bytes(600, 'a'), Wait(0)) == 0);
    REQUIRE(wait_until([&] { return *held.calls == 1; }));
    CHECK(writer.put(600, bytes(400, 'b'), Wait(0)) == 0);
    CHECK(writer.put(1000, bytes(1, 'c'), Wait(20)) == EAGAIN);
    CHECK(writer.behind() == 1000);
    CHECK(writer.written() == 0);
    CHECK(writer.drain(Wait(20)) == EAGAIN);
  }  // does not wait either
  held.let_go->set_value();
  // What had been taken in is still written.
  REQUIRE(wait_until([&] {
    std::ifstream file(folder.path() + "/f", std::ios::ate);
    return file.tellg() == 1000;
  }));
}

TEST_CASE("the first failure is told and nothing is taken after it") {
  TempDir folder;
  DiskCalls full = usual_disk_calls();
  full.write = [](int, const void*, std::size_t, off_t) -> ssize_t {
    errno = ENOSPC;
    return -1;
  };
  DiskWriter writer(make(folder.path() + "/f"), "test", 1000, full);
  CHECK(writer.put(0, bytes(10, 'a'), Wait(0)) == 0);
  REQUIRE(wait_until([&] { return writer.put(10, bytes(1, 'b'), Wait(0)) == ENOSPC; }));
  CHECK(writer.drain(Wait(1000)) == ENOSPC);
  CHECK(writer.written() == 0);
}

TEST_CASE("a failed sync is a failure, a file is synced while bytes come and at its end") {
  TempDir folder;
  auto syncs = std::make_shared<std::atomic<int>>(0);
  auto broken = std::make_shared<std::atomic<bool>>(false);
  DiskCalls disk = usual_disk_calls();
  disk.sync = [syncs, broken](int) {
    ++*syncs;
    errno = EIO;
    return *broken ? -1 : 0;
  };
  DiskWriter writer(make(folder.path() + "/f"), "test", 1000, disk);
  CHECK(writer.put(0, bytes(10, 'a'), Wait(0)) == 0);
  REQUIRE(wait_until([&] { return *syncs == 1; }));
  *broken = true;
  CHECK(writer.put(10, bytes(10, 'a'), Wait(0)) == 0);
  CHECK(writer.drain(Wait(5000)) == EIO);
  CHECK(*syncs == 2);
}
