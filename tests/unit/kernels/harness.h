// Runs one node by the reference kernel and by every fast kernel that accepts it, and compares.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "kernels/kernel_int8.h"
#include "kernels/kernels.h"
#include "kernels/wide/functions.h"

namespace kedge::kernels::wide {
/// Vectors of 64 bytes, tiles of 8 rows and groups of four bytes (as AVX-512 VNNI has them) in plain C++, for machines
/// without it.
extern const Functions kEmulatedFunctions;
}  // namespace kedge::kernels::wide

namespace kedge::kernels::testing {

struct Node {
  std::string op;
  Attrs attrs;
  std::vector<Tensor> inputs;
  std::vector<bool> constant;
  DType dtype = DType::float32;
  StaticShape shape;
  Quantization quant;

  std::string to_string() const;
};

/// Exact memory for every tensor, so that a sanitizer sees each element too many.
class Run {
 public:
  explicit Run(const Node& node);
  Tensor by_reference();
  /// `threads` != 1: in parallel, over a pool of that many. The output is preceded and followed by guard bytes that
  /// must survive.
  Tensor by_kernel(const Kernel& kernel, std::int64_t threads);
  MakeCall make_call(std::int64_t threads);

 private:
  const Node& node_;
  std::vector<TensorView> inputs_;
  std::vector<TensorView> hidden_;  ///< data of constants alone
  bool constant_[8] = {};
  bool present_[8] = {};
  std::vector<TensorView> outputs_;
};

struct Tolerance {
  bool exact = false;
  double of_magnitude = 1e-5;  ///< times the sum of the absolute values that make up an element, where the op is linear
  double relative = 0;
  double absolute = 0;
};

/// Compares every row that accepts the node; returns how many did. Fails the test on a difference.
int check(const Node& node, const Tolerance& tolerance);

Tensor random_floats(std::mt19937& random, StaticShape shape, float low = -1, float high = 1);
Tensor random_bytes(std::mt19937& random, StaticShape shape, float scale, std::int64_t zero);

}  // namespace kedge::kernels::testing
