// TensorFlow Serving's predict documents to tensors and back, without a network.
#include "server/protocol/predict_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace kedge::server::protocol {
namespace {

const std::vector<Endpoint> kImage = {{"image", DType::float32, {1, 2, 2}}};
const std::vector<Endpoint> kPair = {{"left", DType::float32, {1, 2}}, {"right", DType::int8, {1, 2}}};

std::vector<double> numbers(const Tensor& tensor) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < tensor.size(); ++i) out.push_back(tensor.element_as_double(i));
  return out;
}

/// The code and message of the refusal.
std::string refusal(std::string_view body, const std::vector<Endpoint>& inputs) {
  const Result<PredictRequest> request = parse_predict(body, inputs);
  if (request.ok()) return "accepted";
  return request.error().diagnostic().code + " " + request.error().diagnostic().message;
}

TEST(ParsePredict, RowsMayHoldAnyNumberOfSamples) {
  const Result<PredictRequest> request =
      parse_predict(R"({"instances": [[[1, 2], [3, 4.5]], [[5, 6], [7, 8]], [[9, 10], [11, -12]]]})", kImage);
  ASSERT_TRUE(request.ok()) << request.error().diagnostic().message;
  EXPECT_EQ(request->layout, Layout::rows);
  EXPECT_EQ(request->inputs[0].shape(), (StaticShape{3, 2, 2}));
  EXPECT_EQ(request->inputs[0].dtype(), DType::float32);
  EXPECT_EQ(numbers(request->inputs[0]), (std::vector<double>{1, 2, 3, 4.5, 5, 6, 7, 8, 9, 10, 11, -12}));
}

TEST(ParsePredict, ColumnsByName) {
  const Result<PredictRequest> request = parse_predict(R"({"inputs": {"right": [[3, -4]], "left": [[1, 2]]}})", kPair);
  ASSERT_TRUE(request.ok()) << request.error().diagnostic().message;
  EXPECT_EQ(request->layout, Layout::columns);
  EXPECT_EQ(numbers(request->inputs[0]), (std::vector<double>{1, 2}));
  EXPECT_EQ(numbers(request->inputs[1]), (std::vector<double>{3, -4}));
}

TEST(ParsePredict, TakesNaNAndInfinity) {
  const Result<PredictRequest> request = parse_predict(R"({"instances": [[[NaN, Infinity], [-Infinity, 0]]]})", kImage);
  ASSERT_TRUE(request.ok()) << request.error().diagnostic().message;
  EXPECT_TRUE(std::isnan(request->inputs[0].element_as_double(0)));
  EXPECT_EQ(request->inputs[0].element_as_double(2), -std::numeric_limits<double>::infinity());
}

TEST(ParsePredict, RefusesWhatIsNoRequest) {
  EXPECT_EQ(refusal("{", kImage).substr(0, 5), "K1201");
  EXPECT_EQ(refusal("{", kImage).find("at byte 1") != std::string::npos, true) << refusal("{", kImage);
  EXPECT_EQ(refusal("[1]", kImage), "K1201 the body must be an object with `instances` or `inputs`");
  EXPECT_EQ(refusal("{}", kImage), "K1201 give either `instances` or `inputs`");
  EXPECT_EQ(refusal(R"({"instances": 4})", kImage), "K1201 `instances` must be a list with at least one sample");
  EXPECT_EQ(refusal(R"({"signature_name": 7, "instances": [1]})", kImage),
            "K1201 there is one signature, `serving_default`");
}

TEST(ParsePredict, RefusesWhatDoesNotFit) {
  EXPECT_EQ(refusal(R"({"instances": [[[1, 2], [3]]]})", kImage),
            "K1202 input `image` is ragged: its lists are not equally long");
  EXPECT_EQ(refusal(R"({"instances": [[[1, 2], 3]]})", kImage),
            "K1202 input `image` is ragged: its lists are not equally long");
  EXPECT_EQ(refusal(R"({"instances": [[[[1, 2], [3, 4]]]]})", kImage),
            "K1202 input `image` takes [1, 2, 2], the request holds [1, 1, 2, 2]");
  EXPECT_EQ(refusal(R"({"instances": [[[1, "2"], [3, 4]]]})", kImage),
            "K1202 input `image` is float32, the request holds something that is no number");
  EXPECT_EQ(refusal(R"({"inputs": {"left": [[1, 2]], "right": [[1, 300]]}})", kPair),
            "K1202 input `right` is int8, the request holds the number 300, which it cannot hold");
  EXPECT_EQ(refusal(R"({"inputs": {"left": [[1, 2]], "right": [[1, 0.5]]}})", kPair),
            "K1202 input `right` is int8, the request holds a number that is not whole");
  EXPECT_EQ(refusal(R"({"inputs": {"left": [[1, 2]]}})", kPair),
            "K1202 `inputs` lacks `right`; the inputs are `left`, `right`");
  EXPECT_EQ(refusal(R"({"instances": [[1, 2]]})", kPair),
            "K1202 with several inputs each sample is an object with the keys `left`, `right`");
  EXPECT_EQ(refusal(R"({"inputs": {"left": [[1, 2], [3, 4]], "right": [[1, 2]]}})", kPair),
            "K1202 input `right` has another number of samples than `left`");
}

TEST(ParsePredict, DepthIsBounded) {
  const std::string deep = R"({"instances": )" + std::string(100000, '[') + std::string(100000, ']') + "}";
  EXPECT_EQ(refusal(deep, kImage), "K1202 input `image` is nested too deeply");
}

TEST(RenderPredict, RowsAndColumns) {
  const Tensor one = Tensor::of<double>(DType::float32, {2, 2}, {0.1, 1, -2.5, 1e-9});
  const Tensor two = Tensor::of<std::int64_t>(DType::int32, {2, 1}, {7, 8});
  const std::vector<Endpoint> endpoints = {{"scores", DType::float32, {1, 2}}, {"class", DType::int32, {1, 1}}};
  EXPECT_EQ(render_predict({one}, endpoints, Layout::rows), "{\"predictions\": [[0.1, 1.0], [-2.5, 1e-09]]}\n");
  EXPECT_EQ(render_predict({one}, endpoints, Layout::columns), "{\"outputs\": [[0.1, 1.0], [-2.5, 1e-09]]}\n");
  EXPECT_EQ(
      render_predict({one, two}, endpoints, Layout::rows),
      "{\"predictions\": [{\"scores\": [0.1, 1.0], \"class\": [7]}, {\"scores\": [-2.5, 1e-09], \"class\": [8]}]}\n");
  EXPECT_EQ(render_predict({one, two}, endpoints, Layout::columns),
            "{\"outputs\": {\"scores\": [[0.1, 1.0], [-2.5, 1e-09]], \"class\": [[7], [8]]}}\n");
}

TEST(RenderPredict, NumbersThatJsonHasNot) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(render_predict({Tensor::of<double>(DType::float32, {1, 3}, {std::nan(""), infinity, -infinity})}, kImage,
                           Layout::rows),
            "{\"predictions\": [[NaN, Infinity, -Infinity]]}\n");
}

TEST(RenderError, EscapesWhatItQuotes) {
  EXPECT_EQ(render_error("no `a\"b\\c\n`"), "{\"error\": \"no `a\\\"b\\\\c\\u000a`\"}\n");
}

}  // namespace
}  // namespace kedge::server::protocol
