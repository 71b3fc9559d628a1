// The passes that only remove: dead code, constants, what changes nothing, what is there twice.
#include "passes/passes.h"

#include "check_pass.h"

namespace kedge::passes {
namespace {

TEST(EliminateDeadCode, RemovesChainsThatNobodyReads) {
  expect_becomes(eliminate_dead_code,
                 R"(input %0 "x" : float32[batch, 2]
                    const %1 "unused" : float32[2] = {1.0, 2.0}
                    %2 = add(%0, %1) : float32[batch, 2]
                    %3 = neg(%2) : float32[batch, 2]
                    %4 = relu(%0) : float32[batch, 2]
                    output %4 "y")",
                 R"(input %0 "x" : float32[batch, 2]
                    %4 = relu(%0) : float32[batch, 2]
                    output %4 "y")");
}

TEST(EliminateDeadCode, KeepsANodeWithOneNeededOutput) {
  expect_unchanged(eliminate_dead_code, R"(input %0 "x" : float32[4]
    %1, %2 = top_k(%0) {k = 2} : float32[2], int32[2]
    output %2 "indices")");
}

TEST(EliminateDeadCode, KeepsUnreadInputs) {
  expect_unchanged(eliminate_dead_code, R"(input %0 "x" : float32[4]
    input %1 "mask" : bool[4]
    %2 = relu(%0) : float32[4]
    output %2 "y")");
}

TEST(EliminateDeadCode, LooksIntoBranches) {
  expect_becomes(eliminate_dead_code,
                 R"(input %0 "c" : bool[]
                    input %1 "x" : float32[2]
                    %2 = if(%0, %1) : float32[2] do graph "then" {
                      input %0 "x" : float32[2]
                      %1 = exp(%0) : float32[2]
                      %2 = neg(%0) : float32[2]
                      output %2
                    } do graph "else" {
                      input %0 "x" : float32[2]
                      %1 = relu(%0) : float32[2]
                      output %1
                    }
                    output %2)",
                 R"(input %0 "c" : bool[]
                    input %1 "x" : float32[2]
                    %2 = if(%0, %1) : float32[2] do graph "then" {
                      input %0 "x" : float32[2]
                      %2 = neg(%0) : float32[2]
                      output %2
                    } do graph "else" {
                      input %0 "x" : float32[2]
                      %1 = relu(%0) : float32[2]
                      output %1
                    }
                    output %2)");
}

TEST(FoldConstants, ComputesWhatDependsOnNoInput) {
  expect_becomes(fold_constants,
                 R"(input %0 "x" : float32[batch, 2]
                    const %1 : float32[2] = {1.0, 4.0}
                    const %2 : float32[] = {2.0}
                    %3 = sqrt(%1) : float32[2]
                    %4 = mul(%3, %2) : float32[2]
                    %5 = add(%0, %4) : float32[batch, 2]
                    output %5)",
                 R"(input %0 "x" : float32[batch, 2]
                    const %4 : float32[2] = {2.0, 4.0}
                    %5 = add(%0, %4) : float32[batch, 2]
                    output %5)");
}

TEST(FoldConstants, KeepsWhatGrowsBeyondFourMegabytes) {
  expect_unchanged(fold_constants, R"(const %0 : float32[1] = {1.0}
    %1 = broadcast_to(%0) {shape = (2000000)} : float32[2000000]
    output %1)");
}

TEST(FoldConstants, KeepsUnknownSizes) {
  expect_unchanged(fold_constants, R"(input %0 "x" : float32[batch, 2]
    const %1 : float32[1, 2] = {1.0, 2.0}
    %2 = broadcast_to(%1) {shape = (batch, 2)} : float32[batch, 2]
    %3 = add(%0, %2) : float32[batch, 2]
    output %3)");
}

TEST(Simplify, RemovesWhatChangesNothing) {
  expect_becomes(simplify,
                 R"(input %0 "x" : float32[batch, 2]
                    const %1 : float32[] = {1.0}
                    const %2 : float32[2] = {0.0, 0.0}
                    %3 = reshape(%0) {shape = (batch, 2)} : float32[batch, 2]
                    %4 = cast(%3) {to = float32} : float32[batch, 2]
                    %5 = mul(%4, %1) : float32[batch, 2]
                    %6 = add(%2, %5) : float32[batch, 2]
                    %7 = div(%6, %1) : float32[batch, 2]
                    %8 = transpose(%7) {perm = [0, 1]} : float32[batch, 2]
                    %9 = neg(%8) : float32[batch, 2]
                    output %9)",
                 R"(input %0 "x" : float32[batch, 2]
                    %9 = neg(%0) : float32[batch, 2]
                    output %9)");
}

TEST(Simplify, CancelsAChannelsFirstRoundTrip) {
  expect_becomes(simplify,
                 R"(input %0 "x" : float32[1, 4, 4, 3]
                    %1 = transpose(%0) {perm = [0, 3, 1, 2]} : float32[1, 3, 4, 4]
                    %2 = transpose(%1) {perm = [0, 2, 3, 1]} : float32[1, 4, 4, 3]
                    %3 = relu(%2) : float32[1, 4, 4, 3]
                    output %3)",
                 R"(input %0 "x" : float32[1, 4, 4, 3]
                    %3 = relu(%0) : float32[1, 4, 4, 3]
                    output %3)");
}

TEST(Simplify, KeepsTransposesThatDoNotCancel) {
  expect_becomes(simplify,
                 R"(input %0 "x" : float32[2, 3, 4]
                    %1 = transpose(%0) {perm = [2, 0, 1]} : float32[4, 2, 3]
                    %2 = transpose(%1) {perm = [2, 0, 1]} : float32[3, 4, 2]
                    output %2)",
                 R"(input %0 "x" : float32[2, 3, 4]
                    %2 = transpose(%0) {perm = [1, 2, 0]} : float32[3, 4, 2]
                    output %2)");
}

TEST(Simplify, ATransposeThatMovesOnlyOnesIsAReshape) {
  expect_becomes(simplify,
                 R"(input %0 "x" : float32[1, 3, 1, 4]
                    %1 = transpose(%0) {perm = [1, 0, 3, 2]} : float32[3, 1, 4, 1]
                    output %1)",
                 R"(input %0 "x" : float32[1, 3, 1, 4]
                    %1 = reshape(%0) {shape = (3, 1, 4, 1)} : float32[3, 1, 4, 1]
                    output %1)");
}

TEST(Simplify, MergesReshapes) {
  expect_becomes(simplify,
                 R"(input %0 "x" : float32[batch, 2, 3]
                    %1 = reshape(%0) {shape = (batch, 6)} : float32[batch, 6]
                    %2 = reshape(%1) {shape = (batch, 3, 2)} : float32[batch, 3, 2]
                    output %2)",
                 R"(input %0 "x" : float32[batch, 2, 3]
                    %2 = reshape(%0) {shape = (batch, 3, 2)} : float32[batch, 3, 2]
                    output %2)");
}

TEST(Simplify, KeepsOnesAndZerosThatBroadcast) {
  // Multiplying by ones of a larger shape repeats x; subtracting x from zero negates it; dividing one by x inverts it.
  expect_unchanged(simplify, R"(input %0 "x" : float32[1, 2]
    const %1 : float32[3, 1] = {1.0, 1.0, 1.0}
    const %2 : float32[] = {0.0}
    const %3 : float32[] = {1.0}
    %4 = mul(%0, %1) : float32[3, 2]
    %5 = sub(%2, %4) : float32[3, 2]
    %6 = div(%3, %5) : float32[3, 2]
    output %6)");
}

TEST(Simplify, KeepsAReversingSlice) {
  expect_unchanged(simplify, R"(input %0 "x" : float32[3]
    %1 = reverse(%0) {axes = [0]} : float32[3]
    output %1)");
}

TEST(MergeCommonSubexpressions, MergesEqualNodesAndConstants) {
  expect_becomes(merge_common_subexpressions,
                 R"(input %0 "x" : float32[2]
                    const %1 : float32[2] = {1.0, 2.0}
                    const %2 : float32[2] = {1.0, 2.0}
                    %3 = add(%0, %1) : float32[2]
                    %4 = add(%0, %2) : float32[2]
                    %5 = mul(%3, %4) : float32[2]
                    output %5)",
                 R"(input %0 "x" : float32[2]
                    const %1 : float32[2] = {1.0, 2.0}
                    %3 = add(%0, %1) : float32[2]
                    %5 = mul(%3, %3) : float32[2]
                    output %5)");
}

TEST(MergeCommonSubexpressions, KeepsOtherTypesAttributesAndOrders) {
  expect_unchanged(merge_common_subexpressions, R"(input %0 "x" : float32[2]
    const %1 : float32[1] = {1.0}
    const %2 : int32[1] = {1}
    const %3 : float32[] = {1.0}
    %4 = sub(%0, %1) : float32[2]
    %5 = sub(%1, %0) : float32[2]
    %6 = sub(%0, %3) : float32[2]
    %7 = cumsum(%0) {axis = 0} : float32[2]
    %8 = cumsum(%0) {axis = 0, reverse = true} : float32[2]
    output %4
    output %5
    output %6
    output %7
    output %8
    output %2)");
}

TEST(MergeCommonSubexpressions, KeepsZeroAndMinusZero) {
  expect_unchanged(merge_common_subexpressions, R"(input %0 "x" : float32[2]
    const %1 : float32[] = {0.0}
    const %2 : float32[] = {-0.0}
    %3 = add(%0, %1) : float32[2]
    %4 = add(%0, %2) : float32[2]
    output %3
    output %4)");
}

}  // namespace
}  // namespace kedge::passes
