// fuse_elementwise: groups that one sweep can compute.
#include "passes/passes.h"

#include "check_pass.h"

namespace kedge::passes {
namespace {

TEST(FuseElementwise, GathersAChain) {
  expect_becomes(fuse_elementwise,
                 R"(input %0 "x" : float32[batch, 2]
                    input %1 "y" : float32[2]
                    const %2 : float32[] = {3.0}
                    %3 = add(%0, %2) : float32[batch, 2]
                    %4 = mul(%3, %1) : float32[batch, 2]
                    %5 = relu6(%4) : float32[batch, 2]
                    output %5)",
                 R"(input %0 "x" : float32[batch, 2]
                    input %1 "y" : float32[2]
                    %5 = fused(%0, %1) : float32[batch, 2] do graph "" {
                      input %0 "" : float32[batch, 2]
                      input %3 "" : float32[2]
                      const %1 : float32[] = {3.0}
                      %2 = add(%0, %1) : float32[batch, 2]
                      %4 = mul(%2, %3) : float32[batch, 2]
                      %5 = relu6(%4) : float32[batch, 2]
                      output %5
                    }
                    output %5)");
}

TEST(FuseElementwise, KeepsASingleNode) {
  expect_unchanged(fuse_elementwise, R"(input %0 "x" : float32[2]
    %1 = exp(%0) : float32[2]
    output %1)");
}

TEST(FuseElementwise, StopsWhereAValueHasTwoReaders) {
  expect_unchanged(fuse_elementwise, R"(input %0 "x" : float32[2]
    %1 = exp(%0) : float32[2]
    %2 = softmax(%1) {axis = -1} : float32[2]
    %3 = add(%1, %2) : float32[2]
    output %3)");
}

TEST(FuseElementwise, StopsAtAnotherShape) {
  expect_unchanged(fuse_elementwise, R"(input %0 "x" : float32[2]
    input %1 "y" : float32[3, 2]
    %2 = exp(%0) : float32[2]
    %3 = add(%1, %2) : float32[3, 2]
    output %3)");
}

TEST(FuseElementwise, StopsAtAnOutput) {
  expect_unchanged(fuse_elementwise, R"(input %0 "x" : float32[2]
    %1 = exp(%0) : float32[2]
    %2 = neg(%1) : float32[2]
    output %1
    output %2)");
}

TEST(FuseElementwise, StopsAtWhatIsNotElementwise) {
  expect_unchanged(fuse_elementwise, R"(input %0 "x" : float32[2]
    %1 = exp(%0) : float32[2]
    %2 = cumsum(%1) {axis = 0, exclusive = false, reverse = false} : float32[2]
    %3 = neg(%2) : float32[2]
    output %3)");
}

}  // namespace
}  // namespace kedge::passes
