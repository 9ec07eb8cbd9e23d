// SPDX-License-Identifier: GPL-3.0-or-later
// Bad news at the door: opening, connecting, parsing, saving. Not used per frame or per block.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/text.h"

namespace kakehashi {

// Named by what the caller can do about it.
enum class ErrorKind {
  FixInput,     // what was asked for is wrong: correct the file, the option, the command
  FixSetup,     // permission, missing package, busy device: change the machine, then try again
  TryLater,     // the other side is away; trying again may help
  NotFound,     // the named thing does not exist
  Unsupported,  // this build or this device cannot do it
  Bug           // our own promise broke
};

// A sentence that grows on the way up: Error::context("open camera \"cam_main\"") puts its words
// first.
struct Error {
  ErrorKind kind = ErrorKind::Bug;
  std::string message;  // English, for logs and the command line; never contains a secret
  // What the operator reads, where the place that failed knows the cause better than `kind` tells:
  // cause and one action. Empty: whoever shows it finds words by `kind`. May hold an address to
  // type in, so it is shown, never logged.
  Text words{};

  Error context(const std::string& doing) && {
    message = doing + ": " + message;
    return std::move(*this);
  }
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : held_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    assert(ok() && "value() of a failed Result");
    return std::get<0>(held_);
  }
  const T& value() const& {
    assert(ok() && "value() of a failed Result");
    return std::get<0>(held_);
  }
  T&& value() && {
    assert(ok() && "value() of a failed Result");
    return std::get<0>(std::move(held_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() {
    assert(!ok() && "error() of a good Result");
    return std::get<1>(held_);
  }
  const Error& error() const {
    assert(!ok() && "error() of a good Result");
    return std::get<1>(held_);
  }

 private:
  std::variant<T, Error> held_;
};

// A Result with nothing to return.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  Error& error() {
    assert(error_ && "error() of a good Result");
    return *error_;
  }
  const Error& error() const {
    assert(error_ && "error() of a good Result");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace kakehashi
