# SPDX-License-Identifier: GPL-3.0-or-later
# What the probes measure and how they judge it, without devices: the sanitizer builds cover it.
add_library(kakehashi_probe_parts STATIC
  equip/line_check.cpp equip/line_verdict.cpp)
target_link_libraries(kakehashi_probe_parts PUBLIC kakehashi_line kakehashi_encoder kakehashi_core)

if(KAKEHASHI_GLIB)
  target_sources(kakehashi_probes PRIVATE
    equip/probe_network.cpp)
  target_link_libraries(kakehashi_probes PUBLIC kakehashi_probe_parts)
endif()
