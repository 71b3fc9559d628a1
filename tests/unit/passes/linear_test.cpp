// The passes around convolutions and matrix products: padding, bias, activation, batch normalisation.
#include "passes/passes.h"

#include "check_pass.h"

namespace kedge::passes {
namespace {

TEST(CanonicalizePadding, TakesZeroPaddingIn) {
  expect_becomes(canonicalize_padding,
                 R"(input %0 "x" : float32[1, 4, 4, 1]
                    const %1 "k" : float32[2, 2, 1, 1] = {1.0, 2.0, 3.0, 4.0}
                    %2 = pad(%0) {before = (0, 1, 2, 0), after = (0, 0, 1, 0), mode = "constant", value = 0.0} : float32[1, 5, 7, 1]
                    %3 = conv2d(%2, %1, _) {strides = [1, 1], dilations = [1, 1], padding = "valid", pads = [0, 0, 0, 0], groups = 1, activation = "none"} : float32[1, 4, 6, 1]
                    output %3)",
                 R"(input %0 "x" : float32[1, 4, 4, 1]
                    const %1 "k" : float32[2, 2, 1, 1] = {1.0, 2.0, 3.0, 4.0}
                    %3 = conv2d(%0, %1, _) {strides = [1, 1], dilations = [1, 1], padding = "explicit", pads = [1, 0, 2, 1], groups = 1, activation = "none"} : float32[1, 4, 6, 1]
                    output %3)");
}

TEST(CanonicalizePadding, RecognisesSame) {
  // Stride 2 over 4 with a window of 3: TensorFlow puts the only extra pixel last, and so does the padding here.
  expect_becomes(canonicalize_padding,
                 R"(input %0 "x" : float32[1, 4, 4, 1]
                    const %1 : float32[3, 3, 1, 1] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0}
                    %2 = pad(%0) {before = (0, 0, 0, 0), after = (0, 1, 1, 0), mode = "constant", value = 0.0} : float32[1, 5, 5, 1]
                    %3 = conv2d(%2, %1, _) {strides = [2, 2], dilations = [1, 1], padding = "valid", pads = [0, 0, 0, 0], groups = 1, activation = "none"} : float32[1, 2, 2, 1]
                    output %3)",
                 R"(input %0 "x" : float32[1, 4, 4, 1]
                    const %1 : float32[3, 3, 1, 1] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0}
                    %3 = conv2d(%0, %1, _) {strides = [2, 2], dilations = [1, 1], padding = "same", pads = [0, 0, 0, 0], groups = 1, activation = "none"} : float32[1, 2, 2, 1]
                    output %3)");
}

TEST(CanonicalizePadding, NoPaddingIsValid) {
  expect_becomes(canonicalize_padding,
                 R"(input %0 "x" : float32[1, 4, 4, 2]
                    %1 = max_pool2d(%0) {window = [2, 2], strides = [1, 1], padding = "explicit", pads = [0, 0, 0, 0]} : float32[1, 3, 3, 2]
                    output %1)",
                 R"(input %0 "x" : float32[1, 4, 4, 2]
                    %1 = max_pool2d(%0) {window = [2, 2], strides = [1, 1], padding = "valid", pads = [0, 0, 0, 0]} : float32[1, 3, 3, 2]
                    output %1)");
}

TEST(CanonicalizePadding, KeepsOtherPadding) {
  // Ones instead of zeros, channels, mirrored: a convolution cannot do these itself.
  for (const char* attrs : {"before = (0, 1, 0, 0), after = (0, 0, 0, 0), mode = \"constant\", value = 1.0",
                            "before = (0, 1, 0, 0), after = (0, 0, 0, 0), mode = \"reflect\", value = 0.0"}) {
    expect_unchanged(
        canonicalize_padding,
        std::string("input %0 \"x\" : float32[1, 3, 4, 1]\n const %1 : float32[1, 1, 1, 1] = {2.0}\n %2 = pad(%0) {") +
            attrs +
            "} : float32[1, 4, 4, 1]\n %3 = conv2d(%2, %1, _) {strides = [1, 1], dilations = [1, 1], padding = "
            "\"valid\", pads = [0, 0, 0, 0], groups = 1, activation = \"none\"} : "
            "float32[1, 4, 4, 1]\n output %3");
  }
}

TEST(CanonicalizePadding, NeverInFrontOfPooling) {
  expect_unchanged(canonicalize_padding, R"(input %0 "x" : float32[1, 3, 3, 1]
    %1 = pad(%0) {before = (0, 1, 1, 0), after = (0, 0, 0, 0), mode = "constant", value = 0.0} : float32[1, 4, 4, 1]
    %2 = max_pool2d(%1) {window = [2, 2], strides = [2, 2], padding = "valid", pads = [0, 0, 0, 0]} : float32[1, 2, 2, 1]
    output %2)");
}

TEST(FuseLinear, MatmulWithConstantBecomesFullyConnected) {
  expect_becomes(fuse_linear,
                 R"(input %0 "x" : float32[batch, 2]
                    const %1 "w" : float32[3, 2] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}
                    const %2 "b" : float32[3] = {0.5, -0.5, 1.0}
                    %3 = matmul(%0, %1) {transpose_a = false, transpose_b = true} : float32[batch, 3]
                    %4 = add(%2, %3) : float32[batch, 3]
                    %5 = relu(%4) : float32[batch, 3]
                    output %5 "y")",
                 R"(input %0 "x" : float32[batch, 2]
                    const %1 "w" : float32[2, 3] = {1.0, 3.0, 5.0, 2.0, 4.0, 6.0}
                    const %2 "b" : float32[3] = {0.5, -0.5, 1.0}
                    %5 = fully_connected(%0, %1, %2) {activation = "relu"} : float32[batch, 3]
                    output %5 "y")");
}

TEST(FuseLinear, KeepsAMatmulOfTwoInputs) {
  expect_unchanged(fuse_linear, R"(input %0 "a" : float32[2, 2]
    input %1 "b" : float32[2, 2]
    %2 = matmul(%0, %1) {transpose_a = false, transpose_b = false} : float32[2, 2]
    output %2)");
}

TEST(FuseLinear, KeepsWhatTwoReadersNeed) {
  expect_unchanged(fuse_linear, R"(input %0 "x" : float32[batch, 2]
    const %1 : float32[2, 2] = {1.0, 2.0, 3.0, 4.0}
    %2 = fully_connected(%0, %1, _) {activation = "none"} : float32[batch, 2]
    %3 = relu(%2) : float32[batch, 2]
    %4 = add(%2, %3) : float32[batch, 2]
    output %4)");
}

TEST(FuseLinear, KeepsAnAddBehindAnActivation) {
  expect_unchanged(fuse_linear, R"(input %0 "x" : float32[batch, 2]
    const %1 : float32[2, 2] = {1.0, 2.0, 3.0, -4.0}
    const %2 : float32[2] = {1.0, 1.0}
    %3 = fully_connected(%0, %1, _) {activation = "relu"} : float32[batch, 2]
    %4 = add(%3, %2) : float32[batch, 2]
    output %4)");
}

TEST(FuseLinear, KeepsAnAddAlongAnotherAxis) {
  expect_unchanged(fuse_linear, R"(input %0 "x" : float32[2, 2]
    const %1 : float32[2, 2] = {1.0, 2.0, 3.0, -4.0}
    const %2 : float32[2, 1] = {1.0, 5.0}
    %3 = fully_connected(%0, %1, _) {activation = "none"} : float32[2, 2]
    %4 = add(%3, %2) : float32[2, 2]
    output %4)");
}

TEST(FuseLinear, SubtractionBecomesANegativeBias) {
  expect_becomes(fuse_linear,
                 R"(input %0 "x" : float32[batch, 2]
                    const %1 "w" : float32[2, 2] = {1.0, 2.0, 3.0, 4.0}
                    const %2 "m" : float32[1, 2] = {1.0, -2.0}
                    %3 = fully_connected(%0, %1, _) {activation = "none"} : float32[batch, 2]
                    %4 = sub(%3, %2) : float32[batch, 2]
                    output %4)",
                 R"(input %0 "x" : float32[batch, 2]
                    const %1 "w" : float32[2, 2] = {1.0, 2.0, 3.0, 4.0}
                    const %2 "m" : float32[2] = {-1.0, 2.0}
                    %4 = fully_connected(%0, %1, %2) {activation = "none"} : float32[batch, 2]
                    output %4)");
}

TEST(FuseLinear, ReversedSubtractionStays) {
  expect_unchanged(fuse_linear, R"(input %0 "x" : float32[batch, 2]
    const %1 : float32[2, 2] = {1.0, 2.0, 3.0, 4.0}
    const %2 : float32[2] = {1.0, -2.0}
    %3 = fully_connected(%0, %1, _) {activation = "none"} : float32[batch, 2]
    %4 = sub(%2, %3) : float32[batch, 2]
    output %4)");
}

TEST(FoldBatchNorm, ScaleOffsetScaleGoIntoWeightsAndBias) {
  expect_becomes(fold_batch_norm,
                 R"(input %0 "x" : float32[1, 2, 2, 1]
                    const %1 "k" : float32[1, 1, 1, 2] = {1.0, 2.0}
                    const %2 "mean" : float32[2] = {1.0, -1.0}
                    const %3 "gamma" : float32[1, 1, 1, 2] = {2.0, 0.5}
                    const %4 "beta" : float32[2] = {0.25, 4.0}
                    %5 = conv2d(%0, %1, _) {strides = [1, 1], dilations = [1, 1], padding = "valid", pads = [0, 0, 0, 0], groups = 1, activation = "none"} : float32[1, 2, 2, 2]
                    %6 = sub(%5, %2) : float32[1, 2, 2, 2]
                    %7 = mul(%6, %3) : float32[1, 2, 2, 2]
                    %8 = add(%7, %4) : float32[1, 2, 2, 2]
                    output %8)",
                 R"(input %0 "x" : float32[1, 2, 2, 1]
                    const %1 "k" : float32[1, 1, 1, 2] = {2.0, 1.0}
                    const %2 "mean" : float32[2] = {-1.75, 4.5}
                    %8 = conv2d(%0, %1, %2) {strides = [1, 1], dilations = [1, 1], padding = "valid", pads = [0, 0, 0, 0], groups = 1, activation = "none"} : float32[1, 2, 2, 2]
                    output %8)");
}

TEST(FoldBatchNorm, ScalesDepthwiseChannelsInTheirOrder) {
  expect_becomes(fold_batch_norm,
                 R"(input %0 "x" : float32[1, 1, 1, 2]
                    const %1 "k" : float32[1, 1, 2, 2] = {1.0, 2.0, 3.0, 4.0}
                    const %2 "g" : float32[4] = {1.0, 10.0, 100.0, 1000.0}
                    %3 = depthwise_conv2d(%0, %1, _) {strides = [1, 1], dilations = [1, 1], padding = "valid", pads = [0, 0, 0, 0], activation = "none"} : float32[1, 1, 1, 4]
                    %4 = mul(%2, %3) : float32[1, 1, 1, 4]
                    output %4)",
                 R"(input %0 "x" : float32[1, 1, 1, 2]
                    const %1 "k" : float32[1, 1, 2, 2] = {1.0, 20.0, 300.0, 4000.0}
                    %4 = depthwise_conv2d(%0, %1, _) {strides = [1, 1], dilations = [1, 1], padding = "valid", pads = [0, 0, 0, 0], activation = "none"} : float32[1, 1, 1, 4]
                    output %4)");
}

TEST(FoldBatchNorm, TransposedConvolutionsHaveTheirChannelsElsewhere) {
  expect_becomes(fold_batch_norm,
                 R"(input %0 "x" : float32[1, 1, 1, 1]
                    const %1 "k" : float32[1, 1, 2, 1] = {1.0, 2.0}
                    const %2 "g" : float32[2] = {10.0, 100.0}
                    %3 = conv2d_transpose(%0, %1, _) {strides = [1, 1], dilations = [1, 1], padding = "valid", pads = [0, 0, 0, 0], output_size = (1, 1)} : float32[1, 1, 1, 2]
                    %4 = mul(%3, %2) : float32[1, 1, 1, 2]
                    output %4)",
                 R"(input %0 "x" : float32[1, 1, 1, 1]
                    const %1 "k" : float32[1, 1, 2, 1] = {10.0, 200.0}
                    %4 = conv2d_transpose(%0, %1, _) {strides = [1, 1], dilations = [1, 1], padding = "valid", pads = [0, 0, 0, 0], output_size = (1, 1)} : float32[1, 1, 1, 2]
                    output %4)");
}

TEST(FoldBatchNorm, KeepsAScaleThatIsNoConstant) {
  expect_unchanged(fold_batch_norm, R"(input %0 "x" : float32[batch, 2]
    input %1 "g" : float32[2]
    const %2 : float32[2, 2] = {1.0, 2.0, 3.0, 4.0}
    %3 = fully_connected(%0, %2, _) {activation = "none"} : float32[batch, 2]
    %4 = mul(%3, %1) : float32[batch, 2]
    output %4)");
}

TEST(FoldBatchNorm, KeepsAScaleBehindAnActivation) {
  expect_unchanged(fold_batch_norm, R"(input %0 "x" : float32[batch, 2]
    const %1 : float32[2, 2] = {1.0, -2.0, 3.0, 4.0}
    const %2 : float32[2] = {2.0, -3.0}
    %3 = fully_connected(%0, %1, _) {activation = "relu"} : float32[batch, 2]
    %4 = mul(%3, %2) : float32[batch, 2]
    output %4)");
}

TEST(FoldBatchNorm, KeepsADivisionOfAConstant) {
  expect_unchanged(fold_batch_norm, R"(input %0 "x" : float32[batch, 2]
    const %1 : float32[2, 2] = {1.0, 2.0, 3.0, 4.0}
    const %2 : float32[2] = {2.0, 3.0}
    %3 = fully_connected(%0, %1, _) {activation = "none"} : float32[batch, 2]
    %4 = div(%2, %3) : float32[batch, 2]
    output %4)");
}

}  // namespace
}  // namespace kedge::passes
