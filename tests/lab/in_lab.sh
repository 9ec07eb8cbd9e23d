#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# CTest's way into the lab: in_lab.sh short|long [run.sh option...] COMMAND...
# Never builds a kernel, and exits 77 (CTest: skipped) with the reason where the test cannot run.
# KAKEHASHI_LAB=0 leaves all of them out, KAKEHASHI_LAB=full runs the long ones too.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

skip() { echo "skipped: $1"; exit 77; }
length=$1
shift
[[ ${KAKEHASHI_LAB:-1} != 0 ]] || skip "KAKEHASHI_LAB=0"
[[ $length == short || ${KAKEHASHI_LAB:-1} == full ]] || skip "a long one; KAKEHASHI_LAB=full runs it"
code=0
"$here/run.sh" --cached --no-rw-cwd "$@" || code=$?
((code != 77)) || skip "the lab cannot run on this machine (the line above says why)"
exit "$code"
