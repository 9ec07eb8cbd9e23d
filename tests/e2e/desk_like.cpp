// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk does to a station, without a window: subscribes at 20 Hz, maps all pictures and
// copies every new one. Says "attached" with its first full state and pictures, and "left" when
// the station is gone.
//   desk_like SOCKET
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include "station/door/client.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto desk = kakehashi::DoorClient::connect(argv[1]);
  if (!desk || !(*desk)->subscribe(20)) return 4;
  auto boards = (*desk)->pictures();
  if (!boards) return 4;
  std::vector<std::uint64_t> seen(boards->size(), 0);
  std::vector<std::uint8_t> copy;
  bool told = false, picture = false;
  std::uint64_t sequence = 0;
  while (true) {
    const auto news = (*desk)->poll();
    if (!news) break;
    if (*news) sequence = (*news)->sequence;
    for (std::size_t i = 0; i < boards->size(); ++i) picture |= (*boards)[i]->read(copy, seen[i]);
    if (!told && sequence > 0 && picture) {
      std::puts("attached");
      std::fflush(stdout);
      told = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::puts("left");
  return 0;
}
