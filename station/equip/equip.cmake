# SPDX-License-Identifier: GPL-3.0-or-later
# The equipment test. Its results, words and processes need no device: the sanitizer builds cover them.
add_library(kakehashi_equip STATIC 
  equip/burn_in.cpp equip/camera_figures.cpp equip/camera_tables.cpp equip/pc_load.cpp equip/camera_verdict.cpp equip/compare.cpp equip/html.cpp equip/probe_process.cpp equip/result_file.cpp equip/retest.cpp
  equip/runner.cpp equip/sheet.cpp equip/verdict_words.cpp equip/wire.cpp)
target_link_libraries(kakehashi_equip PUBLIC kakehashi_core PRIVATE nlohmann_json::nlohmann_json)

# What touches devices: one row of the table each.
if(KAKEHASHI_GLIB)
  add_library(kakehashi_probes STATIC
    equip/camera_trial.cpp
    equip/equip_command.cpp
    equip/probe_burn_in.cpp
    equip/probe_cameras.cpp
    equip/probe_command.cpp
    equip/probes.cpp)
  target_link_libraries(kakehashi_probes PUBLIC kakehashi_equip kakehashi_station)
endif()
