// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk is told: the pure parts of making a Snapshot from a moment, and the sentences of
// trouble.
#pragma once

#include <span>

#include "core/snapshot.h"
#include "mixer/audio_mixer.h"
#include "station/stage.h"

namespace kakehashi {

// Everything that follows from show, live state, feeds and meters. Outputs, recording and health
// are filled by their owners.
Snapshot describe_moment(const Moment& moment, const AudioMeters& meters, MediaTime now,
                         MediaTime epoch);

// Its part about sound: strips, buses (their devices are filled by their owner), snapshots.
void describe_sound(const Moment& moment, const AudioMeters& meters, MediaTime now,
                    Snapshot& snapshot);

// The caption lines that go along in the stream: what the picture shows and nothing it does not.
// Whoever takes the captions off, or puts a card up, means those of the stream too.
std::vector<std::string> captions_for_viewers(const Snapshot& snapshot);

// Trouble in words, worst first: inputs that are lost (worse when on program), what their detectors
// found, outputs that are not
// through, recording that does not grow, letters that could not be painted as the event wants them.
std::vector<Message> messages_for(const Snapshot& snapshot,
                                  std::span<const PaintFault> faults = {});

}  // namespace kakehashi
