// Spans where the oracle cannot look: inside f-strings, with a byte order mark, lone carriage returns, another
// encoding.
#include <gtest/gtest.h>

#include "parse_for_test.h"
#include "pylang/ast_walk.h"

namespace kedge::pylang {
namespace {

std::vector<std::string> texts_of(const Parsed& parsed, NodeKind kind) {
  std::vector<std::string> out;
  for_each_node(parsed.tree.value(), [&](Node* node) {
    if (node->kind == kind)
      out.push_back(
          parsed.sources.get(node->span.source).text.substr(node->span.begin, node->span.end - node->span.begin));
  });
  return out;
}

TEST(Spans, InsideFStringsAreTheTrueOnes) {
  const Parsed parsed("x = f'ab{ name !r:>{width}}cd'\n");
  ASSERT_TRUE(parsed.tree.ok());
  const std::vector<std::string> names = texts_of(parsed, NodeKind::Name);
  EXPECT_NE(std::find(names.begin(), names.end(), "name"), names.end());
  EXPECT_NE(std::find(names.begin(), names.end(), "width"), names.end());
  const std::vector<std::string> fields = texts_of(parsed, NodeKind::FormattedValue);
  EXPECT_NE(std::find(fields.begin(), fields.end(), "{ name !r:>{width}}"), fields.end());
  const std::vector<std::string> constants = texts_of(parsed, NodeKind::Constant);
  EXPECT_NE(std::find(constants.begin(), constants.end(), "cd"), constants.end());
}

TEST(Spans, ColumnsIgnoreAByteOrderMark) {
  const Parsed parsed("\xEF\xBB\xBFx\n");
  ASSERT_TRUE(parsed.tree.ok());
  EXPECT_NE(dump_with_positions(**const_cast<Parsed&>(parsed).tree, parsed.sources)
                .find("lineno=1, col_offset=0, end_lineno=1, end_col_offset=1"),
            std::string::npos);
}

TEST(Spans, ALoneCarriageReturnEndsALine) {
  Parsed parsed("x\ry\r\nz\n");
  ASSERT_TRUE(parsed.tree.ok());
  const std::string text = dump_with_positions(**parsed.tree, parsed.sources);
  EXPECT_NE(text.find("id='y', ctx=Load(), lineno=2"), std::string::npos) << text;
  EXPECT_NE(text.find("id='z', ctx=Load(), lineno=3"), std::string::npos) << text;
}

TEST(Spans, OfALatin1SourceAreThoseOfItsBytes) {
  Parsed parsed("# coding: latin-1\nx = '\xE9\xE9' + y\n");
  ASSERT_TRUE(parsed.tree.ok()) << parsed.dumped();
  EXPECT_NE(parsed.dumped().find("value='\xC3\xA9\xC3\xA9'"), std::string::npos);
  EXPECT_EQ(texts_of(parsed, NodeKind::Name).size(), 2u);
  EXPECT_EQ(texts_of(parsed, NodeKind::Name)[0], "y");
}

TEST(Spans, NameSpansOfDefinitions) {
  Parsed parsed("@d\nasync  def  f(a): pass\nclass  C: x.yy\n");
  ASSERT_TRUE(parsed.tree.ok());
  const auto& body = static_cast<ast::Module*>(*parsed.tree)->body;
  EXPECT_EQ(static_cast<ast::FunctionDefBase*>(body[0])->name_span.begin, 15u);
  EXPECT_EQ(body[0]->span.begin, 3u);
  EXPECT_EQ(static_cast<ast::ClassDef*>(body[1])->name_span.begin, 33u);
}

}  // namespace
}  // namespace kedge::pylang
