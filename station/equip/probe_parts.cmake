# SPDX-License-Identifier: GPL-3.0-or-later
# What the probes measure and how they judge it, without devices: the sanitizer builds cover it.
add_library(kakehashi_probe_parts STATIC
  equip/av_offset.cpp equip/av_offset_verdict.cpp equip/clap.cpp equip/flash_edge.cpp equip/flash_page.cpp equip/lip_sync.cpp equip/luma_grid.cpp
  equip/cpu_trial.cpp equip/cpu_verdict.cpp equip/disk_trial.cpp equip/display_verdict.cpp equip/line_check.cpp equip/line_verdict.cpp
  equip/machine_state.cpp equip/machine_verdict.cpp
  equip/round_trip.cpp equip/round_trip_verdict.cpp equip/sound_listening.cpp equip/sound_verdict.cpp equip/stream_line.cpp)
target_link_libraries(kakehashi_probe_parts PUBLIC kakehashi_line kakehashi_encoder kakehashi_mixer kakehashi_sync kakehashi_core)

if(KAKEHASHI_GLIB)
  target_sources(kakehashi_probes PRIVATE
    equip/probe_cpu.cpp equip/probe_disk.cpp equip/probe_machine.cpp equip/probe_network.cpp equip/probe_offset.cpp
    equip/probe_screens.cpp equip/probe_sound.cpp equip/sound_ear.cpp)
  target_link_libraries(kakehashi_probes PUBLIC kakehashi_probe_parts)
endif()
