// JSON: values, paths, references and errors. What Python's json module says is checked by the oracle test.
#include "formats/json.h"

#include <cmath>

#include "sample_files.h"

namespace kedge::formats {
namespace {

Json parsed(std::string_view text) {
  Result<Json> json = parse_json(text, {}, "t");
  EXPECT_TRUE(json.ok()) << text;
  return json ? std::move(json).value() : Json();
}

TEST(Json, KindsAndOrder) {
  const Json json = parsed(R"({"z": 1, "a": [true, null, 2.0, "x"], "z": 3})");
  ASSERT_EQ(json.size(), 2);
  EXPECT_EQ(json.object()[0].key, "z");
  EXPECT_EQ(json.find("z")->as_int64(), 3);
  EXPECT_EQ(json.at_path("a[2]")->kind(), Json::Kind::number);
  EXPECT_EQ(json.at_path("a[3]")->as_string(), "x");
  EXPECT_EQ(json.at_path("a[4]"), nullptr);
  EXPECT_EQ(json.at_path("a.b"), nullptr);
}

TEST(Json, BigIntegersKeepTheirDigits) {
  const Json json = parsed("[18446744073709551616, -9223372036854775808]");
  EXPECT_EQ(json.array()[0].big_digits(), "18446744073709551616");
  EXPECT_EQ(json.array()[0].as_double(), 18446744073709551616.0);
  EXPECT_EQ(json.array()[1].as_int64(), INT64_MIN);
  EXPECT_EQ(write_json(json), "[18446744073709551616,-9223372036854775808]");
}

TEST(Json, WritingReadsBack) {
  const std::string text =
      R"({"a":[1,2.5,1e+22,0.1,"q\"\\\n",NaN,Infinity,-Infinity],"b":{},"c":[],"d":[[1],{"e":null}]})";
  EXPECT_EQ(write_json(parsed(text)), text);
  EXPECT_EQ(write_json(parsed(R"({"a":[1,2],"b":{"c":[{}]}})"), JsonStyle::indented),
            "{\n  \"a\": [1, 2],\n  \"b\": {\n    \"c\": [\n      {}\n    ]\n  }\n}");
  EXPECT_EQ(write_json(Json(1.0)), "1.0");
}

TEST(Json, PathsOfOddKeys) {
  const Json json = parsed(R"({"a b": [{"x.y": 7}]})");
  const JsonRef ref(json, "m.keras › config.json");
  const JsonRef inner = ref.get("a b")->element(0).get("x.y").value();
  EXPECT_EQ(inner.path(), R"(["a b"][0]["x.y"])");
  EXPECT_EQ(json.at_path(inner.path())->as_int64(), 7);
}

TEST(Json, ReferencesSayWhereAndWhat) {
  const Json json = parsed(R"({"layers": [{"config": {"units": "ten"}}]})");
  const JsonRef units =
      JsonRef(json, "m.keras › config.json").get("layers")->element(0).get("config")->get("units").value();
  const auto wrong = units.as_int64();
  EXPECT_EQ(code_of(wrong), "K0111");
  EXPECT_EQ(place_of(wrong), "m.keras › config.json › layers[0].config.units");
  const auto missing = JsonRef(json, "f").get("layer");
  EXPECT_EQ(code_of(missing), "K0112");
  EXPECT_NE(missing.error().diagnostic().help.at(0).find("layers"), std::string::npos);
}

TEST(Json, SyntaxErrorsNameLineColumnAndPath) {
  const auto bad = parse_json("{\n  \"layers\": [1, {\"config\": tru}]}", {}, "config.json");
  ASSERT_EQ(code_of(bad), "K0110");
  EXPECT_EQ(place_of(bad), "config.json › layers[1].config");
  EXPECT_NE(bad.error().diagnostic().message.find("line 2, column 28"), std::string::npos)
      << bad.error().diagnostic().message;
}

TEST(Json, DepthAndSizeAreLimited) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_TRUE(parse_json(nested(200), {}, "t").ok());
  EXPECT_EQ(code_of(parse_json(nested(201), {}, "t")), "K0100");
  EXPECT_EQ(code_of(parse_json(std::string(1'000'000, '['), {}, "t")), "K0100");
  EXPECT_EQ(code_of(parse_json("[1,2,3]", Limits{.entries = 3}, "t")), "K0100");
  EXPECT_EQ(code_of(parse_json("\"abcd\"", Limits{.string_bytes = 3}, "t")), "K0100");
  EXPECT_EQ(code_of(parse_json(std::string(5000, '1'), {}, "t")), "K0100");
}

TEST(Json, ManyEqualKeysAreQuick) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"k" + std::to_string(i % 1000) + "\":" + std::to_string(i) + ",";
  text.back() = '}';
  const Json json = parsed(text);
  EXPECT_EQ(json.size(), 1000);
  EXPECT_EQ(json.object()[5].value.as_int64(), 199'005);
}

}  // namespace
}  // namespace kedge::formats
