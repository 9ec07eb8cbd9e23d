# SPDX-License-Identifier: GPL-3.0-or-later
# The practice receiver. A library of its own so that sanitizer builds have it without GLib.
find_package(nlohmann_json REQUIRED)
add_library(kakehashi_practice_code STATIC ${CMAKE_SOURCE_DIR}/station/practice_code.cpp)
target_link_libraries(kakehashi_practice_code PUBLIC kakehashi_core)
add_library(kakehashi_ingest STATIC
  ${CMAKE_SOURCE_DIR}/station/ingest.cpp
  ${CMAKE_SOURCE_DIR}/station/ingest_main.cpp
  ${CMAKE_SOURCE_DIR}/station/ingest_match.cpp
  ${CMAKE_SOURCE_DIR}/station/ingest_picture.cpp
  ${CMAKE_SOURCE_DIR}/station/ingest_report.cpp
  ${CMAKE_SOURCE_DIR}/station/ingest_sound.cpp
  ${CMAKE_SOURCE_DIR}/station/ingest_stream.cpp)
add_library(kakehashi_loop_back STATIC ${CMAKE_SOURCE_DIR}/station/loop_back.cpp)
target_link_libraries(kakehashi_loop_back PUBLIC kakehashi_core PRIVATE nlohmann_json::nlohmann_json)
target_link_libraries(kakehashi_ingest PUBLIC kakehashi_loop_back kakehashi_practice_code kakehashi_rtmp kakehashi_encoder kakehashi_core
                                       PRIVATE nlohmann_json::nlohmann_json)
