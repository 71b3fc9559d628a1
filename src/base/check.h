// KEDGE_CHECK: an invariant of ours. A failure is a bug in kedge, never a fault of the input.
#pragma once

#include <stdexcept>
#include <string>

namespace kedge {

/// Thrown by KEDGE_CHECK; caught only at the boundaries (CLI, request handler, bindings), which report a bug in kedge.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_check(const char* condition, const char* message, const char* file, int line);

}  // namespace kedge

#define KEDGE_CHECK(cond, message) ((cond) ? void(0) : ::kedge::fail_check(#cond, (message), __FILE__, __LINE__))
