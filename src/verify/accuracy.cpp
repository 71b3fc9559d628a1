#include "verify/accuracy.h"

#include <string>

namespace kedge::verify {
namespace {

std::int64_t largest(const Tensor& scores, std::int64_t row, std::int64_t classes) {
  std::int64_t best = 0;
  for (std::int64_t i = 1; i < classes; ++i) {
    if (scores.element_as_double(row * classes + i) > scores.element_as_double(row * classes + best)) best = i;
  }
  return best;
}

Error fail(std::string message) { return make_error("K0903", std::move(message), Location::in("argument --labels")); }

}  // namespace

Result<Accuracy> compare_accuracy(const Tensor& model, const Tensor& artefact, const Tensor& labels) {
  if (is_float(labels.dtype()) || is_complex(labels.dtype()))
    return fail("labels are whole numbers, one class per sample; these are " + std::string(dtype_name(labels.dtype())));
  if (model.shape() != artefact.shape())
    return fail("the model answers " + shape_to_string(to_shape(model.shape())) + ", the artefact " +
                shape_to_string(to_shape(artefact.shape())) + ": their classes cannot be compared");
  if (model.rank() < 1 || model.shape().back() < 2)
    return fail("the first output, " + shape_to_string(to_shape(model.shape())) +
                ", has no scores of two or more classes on its last axis");
  const std::int64_t classes = model.shape().back();
  Accuracy out;
  out.samples = model.size() / classes;
  if (labels.size() != out.samples)
    return fail("there are " + std::to_string(labels.size()) + " labels for " + std::to_string(out.samples) +
                " samples");
  for (std::int64_t i = 0; i < out.samples; ++i) {
    const std::int64_t label = labels.element_as_int(i);
    if (label < 0 || label >= classes)
      return fail("label " + std::to_string(label) + " of sample " + std::to_string(i) + " is no class: there are " +
                  std::to_string(classes));
    const std::int64_t a = largest(model, i, classes);
    const std::int64_t b = largest(artefact, i, classes);
    out.model_right += a == label;
    out.artefact_right += b == label;
    out.agree += a == b;
  }
  return out;
}

}  // namespace kedge::verify
