// What one evaluation carries beside the interpreter: `Interp::host` points here.
#pragma once

#include <memory>

#include "frontends/source/ndarray/numpy.h"

namespace kedge::frontends {

class Tracer;

struct Session {
  std::unique_ptr<Numpy> numpy;
  Tracer* tracer = nullptr;  ///< nullptr: no tensors in this evaluation
  void* context = nullptr;   ///< the loader's own state
};

inline Session& session(Interp& interp) { return *static_cast<Session*>(interp.host); }

}  // namespace kedge::frontends
