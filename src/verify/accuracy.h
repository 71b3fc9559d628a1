// How often two classifiers name the right class, and how often they agree.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "tensor/tensor.h"

namespace kedge::verify {

struct Accuracy {
  std::int64_t samples = 0;
  std::int64_t model_right = 0;  ///< samples whose largest output of the model is the labelled class
  std::int64_t artefact_right = 0;
  std::int64_t agree = 0;  ///< samples to which both give the same class, right or wrong
  double model_share() const { return share(model_right); }
  double artefact_share() const { return share(artefact_right); }
  double agreement() const { return share(agree); }

 private:
  double share(std::int64_t count) const {
    return samples == 0 ? 0 : static_cast<double>(count) / static_cast<double>(samples);
  }
};

/// `model` and `artefact` are class scores on the last axis; `labels` holds one class number per sample (row of
/// scores), in any shape. The first of equal scores counts. K0903: labels that are no class numbers, or another number
/// of them than samples.
Result<Accuracy> compare_accuracy(const Tensor& model, const Tensor& artefact, const Tensor& labels);

}  // namespace kedge::verify
