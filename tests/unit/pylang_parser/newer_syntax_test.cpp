// Syntax that Python 3.11 does not know, so that no oracle here can answer: the expected trees are written by hand
// after the grammars of 3.12 (PEP 695, PEP 701) and 3.13 (PEP 696).
#include <gtest/gtest.h>

#include "parse_for_test.h"

namespace kedge::pylang {
namespace {

std::string body_of(const std::string& source) {
  const std::string text = Parsed(source + "\n").dumped();
  const std::string before = "Module(body=[", after = "], type_ignores=[])";
  if (text.rfind(before, 0) != 0) return text;
  return text.substr(before.size(), text.size() - before.size() - after.size());
}
std::string value_of(const std::string& source) {
  const std::string text = body_of(source);
  const std::string before = "Expr(value=";
  return text.rfind(before, 0) == 0 ? text.substr(before.size(), text.size() - before.size() - 1) : text;
}
const std::string kNoArguments = "arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])";

TEST(Python312, TypeAlias) {
  EXPECT_EQ(body_of("type X = int"),
            "TypeAlias(name=Name(id='X', ctx=Store()), type_params=[], value=Name(id='int', ctx=Load()))");
  EXPECT_EQ(
      body_of("type X[T] = T"),
      "TypeAlias(name=Name(id='X', ctx=Store()), type_params=[TypeVar(name='T')], value=Name(id='T', ctx=Load()))");
}

TEST(Python312, TypeIsStillAName) {
  EXPECT_EQ(value_of("type"), "Name(id='type', ctx=Load())");
  EXPECT_EQ(value_of("type(x)"),
            "Call(func=Name(id='type', ctx=Load()), args=[Name(id='x', ctx=Load())], keywords=[])");
  EXPECT_EQ(body_of("type = 1"), "Assign(targets=[Name(id='type', ctx=Store())], value=Constant(value=1))");
  EXPECT_EQ(body_of("type: int"),
            "AnnAssign(target=Name(id='type', ctx=Store()), annotation=Name(id='int', ctx=Load()), simple=1)");
}

TEST(Python312, GenericFunction) {
  EXPECT_EQ(body_of("def f[T: int, *Ts, **P](): pass"),
            "FunctionDef(name='f', args=" + kNoArguments +
                ", body=[Pass()], decorator_list=[], type_params=[TypeVar(name='T', bound=Name(id='int', ctx=Load())), "
                "TypeVarTuple(name='Ts'), "
                "ParamSpec(name='P')])");
}

TEST(Python312, GenericAsyncFunction) {
  EXPECT_EQ(body_of("async def f[T](): pass"),
            "AsyncFunctionDef(name='f', args=" + kNoArguments +
                ", body=[Pass()], decorator_list=[], type_params=[TypeVar(name='T')])");
}

TEST(Python312, GenericClass) {
  EXPECT_EQ(body_of("class C[T: (int, str),](B): pass"),
            "ClassDef(name='C', bases=[Name(id='B', ctx=Load())], keywords=[], body=[Pass()], decorator_list=[], "
            "type_params=[TypeVar(name='T', "
            "bound=Tuple(elts=[Name(id='int', ctx=Load()), Name(id='str', ctx=Load())], ctx=Load()))])");
}

TEST(Python313, TypeParameterDefaults) {
  EXPECT_EQ(body_of("class C[T: int = bool, *Ts = *x, **P = [int]]: pass"),
            "ClassDef(name='C', bases=[], keywords=[], body=[Pass()], decorator_list=[], "
            "type_params=[TypeVar(name='T', bound=Name(id='int', "
            "ctx=Load()), default_value=Name(id='bool', ctx=Load())), TypeVarTuple(name='Ts', "
            "default_value=Starred(value=Name(id='x', ctx=Load()), "
            "ctx=Load())), ParamSpec(name='P', default_value=List(elts=[Name(id='int', ctx=Load())], ctx=Load()))])");
}

TEST(Python312, EmptyTypeParametersAreRefused) { EXPECT_EQ(body_of("def f[](): pass"), "error K0201: invalid syntax"); }

TEST(Python312, FStringReusesItsQuotes) {
  EXPECT_EQ(value_of("f'{a['b']}'"),
            "JoinedStr(values=[FormattedValue(value=Subscript(value=Name(id='a', ctx=Load()), "
            "slice=Constant(value='b'), ctx=Load()), conversion=-1)])");
  EXPECT_EQ(value_of(R"(f"{f"{f"{1}"}"}")"),
            "JoinedStr(values=[FormattedValue(value=JoinedStr(values=[FormattedValue(value=JoinedStr(values=["
            "FormattedValue(value=Constant(value=1), "
            "conversion=-1)]), conversion=-1)]), conversion=-1)])");
}

TEST(Python312, FStringFieldMayHoldBackslashCommentAndLineBreak) {
  EXPECT_EQ(value_of("f'{\"\\n\".join(a)}'"),
            "JoinedStr(values=[FormattedValue(value=Call(func=Attribute(value=Constant(value='\\n'), attr='join', "
            "ctx=Load()), args=[Name(id='a', "
            "ctx=Load())], keywords=[]), conversion=-1)])");
  EXPECT_EQ(value_of("f'''{\na # note }\n}'''"),
            "JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), conversion=-1)])");
  EXPECT_EQ(value_of("f'{\na\n}'"),
            "JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), conversion=-1)])");
}

TEST(Python312, FStringComparisonsAndLambda) {
  EXPECT_EQ(value_of("f'{a!=b}'"),
            "JoinedStr(values=[FormattedValue(value=Compare(left=Name(id='a', ctx=Load()), ops=[NotEq()], "
            "comparators=[Name(id='b', ctx=Load())]), "
            "conversion=-1)])");
  EXPECT_EQ(value_of("f'{a:=5}'"),
            "JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), conversion=-1, "
            "format_spec=JoinedStr(values=[Constant(value='=5')]))])");
}

TEST(Identifiers, AreNormalised) {
  EXPECT_EQ(value_of("\xC2\xB5"), "Name(id='\xCE\xBC', ctx=Load())");            // micro sign to Greek mu
  EXPECT_EQ(value_of("\xEF\xBD\x81\xEF\xBD\x82"), "Name(id='ab', ctx=Load())");  // fullwidth letters
  EXPECT_EQ(value_of("\xF0\x9D\x90\xB1"), "Name(id='x', ctx=Load())");           // mathematical bold x
  EXPECT_EQ(value_of("na\xC3\xAFve"), "Name(id='na\xC3\xAFve', ctx=Load())");
}

TEST(Identifiers, ThatNeedTheWholeTablesAreRefused) {
  EXPECT_EQ(value_of("e\xCC\x81"), "error K0212: a name with combining or compatibility characters is not supported");
}

}  // namespace
}  // namespace kedge::pylang
