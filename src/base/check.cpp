#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace kedge {

void fail_check(const char* condition, const char* message, const char* file, int line) {
  const std::string text = std::string(message) + " (" + condition + " at " + file + ":" + std::to_string(line) + ")";
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  std::fprintf(stderr, "internal error: %s\n", text.c_str());
  std::abort();
#else
  throw InternalError(text);
#endif
}

}  // namespace kedge
