# SPDX-License-Identifier: GPL-3.0-or-later
# The desk and the hall's screen as people meet them, on a display of the test's own.
kakehashi_e2e_test(desk kakehashi_ingest)
set_tests_properties(e2e_desk PROPERTIES LABELS "e2e;display")
add_dependencies(e2e_desk_test kakehashi kakehashi-screen)
target_compile_definitions(e2e_desk_test PRIVATE
  DESK="$<TARGET_FILE:kakehashi>" SCREENS="${CMAKE_BINARY_DIR}/screens")
