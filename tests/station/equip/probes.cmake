# SPDX-License-Identifier: GPL-3.0-or-later
find_package(OpenSSL REQUIRED)
kakehashi_test(NAME probe_line SOURCES equip/line_test.cpp LIBS kakehashi_probe_parts OpenSSL::SSL)
kakehashi_test(NAME probe_machine SOURCES equip/machine_test.cpp equip/disk_test.cpp equip/cpu_test.cpp equip/screens_test.cpp
               LIBS kakehashi_probe_parts)
# Minutes of sound and pictures are made and judged on one thread: nothing for ThreadSanitizer.
if(NOT KAKEHASHI_SANITIZE STREQUAL "thread")
  kakehashi_test(NAME probe_sound SOURCES equip/sound_test.cpp equip/stream_line_test.cpp equip/round_trip_test.cpp LIBS kakehashi_probe_parts)
  kakehashi_test(NAME probe_offset SOURCES equip/av_offset_test.cpp equip/clap_test.cpp equip/lip_sync_test.cpp LIBS kakehashi_probe_parts)
endif()
