// SPDX-License-Identifier: GPL-3.0-or-later
// Every threshold of the station's ears, with its source. "Accident n" is the table of accidents of
// hybrid events behind this program; "measured" was set between what false alarms and real
// accidents gave in tests/mixer/sound. Levels in dBFS, times in seconds unless they say otherwise.
// What the detectors of a device share with the ears: core/hearing.h.
#pragma once

namespace kakehashi::ears {

// A block is 10 ms.
inline constexpr int kSecond = 100;

// Silence on program while talk is expected. Accident 1.
inline constexpr double kSilentDb = -50;
inline constexpr double kSilentCaution = 5, kSilentFault = 10;
inline constexpr double kSoundSeconds = 0.1;  // RMS window: a click is no sound

// Speech: 10 ms levels of the voice band over the last seconds.
inline constexpr double kTalkSeconds = 3;
inline constexpr double kTalkDb = -48;  // the loud tenth of the frames
inline constexpr double kTalkDepthDb =
    14;  // between the loud tenth and the quiet quarter; measured
inline constexpr double kTalkLowUnder = 12;  // a frame this far under the loud tenth is a low one
// Scheirer and Slaney (ICASSP 1997), "percentage of low-energy frames": speech pauses, music less.
inline constexpr double kTalkLowLeast = 0.27, kTalkLowMost = 0.93;
inline constexpr int kTalkRisesLeast = 4, kTalkRisesMost = 30;  // syllables in that time

// Music that comes and goes like speech. Measured on half an hour of people's prompts in two
// languages, synthetic voices in rooms and an hour of films' and games' music: a mouth keeps its
// loudest line within 3 Hz for 60 ms in up to 8 % of its blocks, music mostly in 15 to 90 %; two
// beats of speech are alike by 0.27 at most, of music with drums by 0.4 to 0.9.
inline constexpr double kMusicStillHz = 3, kMusicSteady = 0.10;
inline constexpr double kMusicPulse = 0.3;
inline constexpr double kMusicLoudDb = 14;  // under the loud tenth: no longer looked at

// Talking into a microphone muted by hand. A neighbour's voice in it is quieter than in his own.
inline constexpr double kMutedTalkSeconds = 2;  // of speech, within twice that
inline constexpr double kMutedTalkDb = -42;     // loud tenth
inline constexpr double kMutedTalkOverDb = 3;   // over the loudest open one
// Speech that is heard on program under a card. Accident 2.
inline constexpr double kCardTalkSeconds = 1.5;  // of a microphone
inline constexpr double kCardLineSeconds = 6;    // of another input: break music may be sung
inline constexpr double kCuedQuietSeconds = 30;  // a microphone opened by a cue and forgotten
// The open microphone hears nothing and a closed one speaks.
inline constexpr double kWrongSeconds = 4, kWrongQuietDb = -62;

// Flat tops below full scale: bent before it came to us. Accident 30: crest under 6 dB.
inline constexpr double kCrestDb = 6;
inline constexpr double kCrestLoudDb = -30;  // frames of 50 ms at least this loud are judged
inline constexpr int kCrestFrames = 40;      // of them, the last ones
inline constexpr double kCrestShare = 0.5;   // that are flat
// What linear prediction leaves of a flat frame: of tones, also where they break off, -24.6 at
// most; of a bent voice -12, seldom under -22. Measured.
inline constexpr double kToneRestDb = -22;

// Left against right, while the strip or the program sounds; a dead side: core/hearing.h.
inline constexpr double kPhaseBelow = -0.7;  // correlation of left and right
inline constexpr double kPhaseSeconds = 5;   // of sound

// Howl. Accident 4; peak ratios after van Waterschoot and Moonen, "Fifty Years of Acoustic Feedback
// Control" (Proc. IEEE 99, 2011): a lone line, without harmonics, rising steadily.
inline constexpr double kHowlOverDb = 15;   // its line over the mean of +-1/3 octave
inline constexpr double kHowlAloneDb = 12;  // over every other line
inline constexpr double kHowlSeconds = 0.3;
inline constexpr double kHowlRiseDb = 6;    // in all
inline constexpr double kHowlGrowDb = 0.2;  // a step of 20 ms that counts as rising
inline constexpr int kHowlGrowSteps = 7;    // more than a tone that is switched on has (5)
inline constexpr double kHowlFallDb = 1.5;  // a note that dies away
inline constexpr double kHowlBins = 0.4;    // a loop keeps its pitch; a mouth does not
inline constexpr double kHowlDb = -45;
inline constexpr double kHowlLowestHz = 150, kHowlHighestHz = 6900;
inline constexpr double kHowlGoneSeconds = 1;
inline constexpr double kHowlAnewSeconds = 1.5;  // what has not risen by then begins anew
inline constexpr double kHowlDuckDb = 12;

// Double sound. Accident 3: correlation over 0.5 at 5 to 1500 ms; here the whitened one must stand
// out, which tells the delay surely, and then the plain one counts, which a neighbour's voice in
// the next microphone does not reach.
inline constexpr double kEchoFromMs = 5, kEchoToMs = 1500;
inline constexpr double kEchoClear =
    24;  // whitened peak over the rest's RMS; voices 5, music 17, two pieces in one key and pace 32
         // for a moment, an echo 50
inline constexpr double kEchoLike =
    0.35;  // plain correlation; two pieces of music 0.16, an echo 0.9
inline constexpr double kEchoSameMs = 2;    // two looks agree
inline constexpr double kEchoApart = 4.2;   // between the looks: nothing of one is in the other
inline constexpr double kEchoUnderDb = 12;  // further under the other, automix and ear hide it
inline constexpr double kEchoBackDb = 26;   // our own sound come back, under what was sent
inline constexpr double kEchoDb = -55;      // both sound
inline constexpr int kEchoMissed = 3;       // looks in a row that do not hear it end it
inline constexpr double kEchoForget = 60;   // and so many seconds without any look

// How long a finding stays after it was last true.
inline constexpr double kGoneSeconds = 5;

}  // namespace kakehashi::ears
