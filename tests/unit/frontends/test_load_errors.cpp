// Loading what must not load: the code, the place, and what the message names.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "formats/zip.h"
#include "frontends/load_model.h"

namespace kedge::frontends {
namespace {

namespace fs = std::filesystem;

class LoadErrors : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("kedge-load-errors-" + std::to_string(::getpid()) + "-" +
                                           ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  /// A .keras file with this configuration and no weights.
  std::string model(const std::string& config) {
    formats::ZipWriter zip;
    EXPECT_TRUE(zip.add("metadata.json", as_bytes(R"({"keras_version": "3.15.1"})")).ok());
    EXPECT_TRUE(zip.add("config.json", as_bytes(config)).ok());
    const std::vector<std::byte> bytes = std::move(zip).finish();
    return write("model.keras", std::string(as_text(bytes)));
  }
  /// A Sequential model over four numbers with this one layer.
  std::string sequential(const std::string& layer) {
    return model(
        R"({"module": "keras", "class_name": "Sequential", "registered_name": null, "config": {"name": "sequential", "trainable": true, "layers": [
      {"module": "keras.layers", "class_name": "InputLayer", "registered_name": null, "config": {"batch_shape": [null, 4], "dtype": "float32", "sparse": false, "name": "x"}},)" +
        layer + R"(], "build_input_shape": [null, 4]}, "build_config": {"input_shape": [null, 4]}})");
  }
  static std::string layer(const std::string& module, const std::string& name,
                           const std::string& config = "{\"name\": \"l\"}") {
    return "{\"module\": \"" + module + "\", \"class_name\": \"" + name + "\", \"registered_name\": \"Custom>" + name +
           "\", \"config\": " + config + ", \"build_config\": {\"input_shape\": [null, 4]}}";
  }
  Diagnostic fail(const std::string& path, const LoadOptions& options = {}) {
    Result<LoadedModel> result = load_model(path, options, sources_);
    EXPECT_FALSE(result.ok()) << "this model must not load";
    return result.ok() ? Diagnostic{} : result.error().diagnostic();
  }
  LoadOptions custom(const std::string& source) {
    LoadOptions options;
    options.custom.push_back(write("layers.py", source));
    return options;
  }
  std::string place(const Diagnostic& d) { return render_place(d.primary.location, sources_); }

  fs::path folder_;
  SourceMap sources_;
};

TEST_F(LoadErrors, NoModelAtAll) {
  const Diagnostic d = fail(write("model.keras", "hello, I am no model"));
  EXPECT_EQ(d.code, "K0407");
  EXPECT_EQ(place(d), "model.keras");
}

TEST_F(LoadErrors, ConfigurationThatIsNoObject) {
  const Diagnostic d = fail(model("[1, 2]"));
  EXPECT_EQ(d.code, "K0402");
  EXPECT_EQ(place(d), "model.keras › config.json");
}

TEST_F(LoadErrors, CustomPathThatIsNotThere) {
  LoadOptions options;
  options.custom.push_back("no/such/layers.py");
  const Diagnostic d = fail(sequential(layer("keras.layers", "Dense")), options);
  EXPECT_EQ(d.code, "K0400");
  EXPECT_EQ(place(d), "argument --custom no/such/layers.py");
}

TEST_F(LoadErrors, BrokenBytecodeOfALambdaIsRefusedAtItsPlace) {
  const Diagnostic d =
      fail(sequential(layer("keras.layers", "Lambda",
                            R"({"name": "l", "function": {"class_name": "__lambda__", "config": {"code": "4w=="}}})")));
  EXPECT_EQ(d.code, "K0404");
  EXPECT_EQ(place(d), "model.keras › config.json › layers[1]  (\"l\")");
}

TEST_F(LoadErrors, MissingClassSaysWhatIsClose) {
  const Diagnostic d = fail(sequential(layer("layers", "MyDense")),
                            custom("import keras\n\n\nclass MyDence(keras.layers.Layer):\n    pass\n"));
  EXPECT_EQ(d.code, "K0401");
  ASSERT_FALSE(d.help.empty());
  EXPECT_NE(d.help[0].find("MyDence"), std::string::npos) << d.help[0];
  EXPECT_EQ(place(d), "model.keras › config.json › layers[1]  (\"l\")");
  EXPECT_NE(d.message.find("MyDense"), std::string::npos) << d.message;
}

TEST_F(LoadErrors, ErrorInCallIsAtTheUsersLine) {
  const Diagnostic d =
      fail(sequential(layer("layers", "Broken")), custom("import keras\n\n\nclass Broken(keras.layers.Layer):\n    def "
                                                         "call(self, x):\n        return x + self.nothing_here\n"));
  EXPECT_EQ(d.code, "K0300");
  EXPECT_NE(place(d).find("layers.py:6:"), std::string::npos) << place(d);
  ASSERT_FALSE(d.secondary.empty());
  EXPECT_NE(render_place(d.secondary.back().location, sources_).find("config.json"), std::string::npos);
}

TEST_F(LoadErrors, VariableWithoutStoredArray) {
  const std::string source =
      "import keras\n\n\nclass Scale(keras.layers.Layer):\n    def build(self, input_shape):\n        self.scale = "
      "self.add_weight(name=\"scale\", shape=(input_shape[-1],))\n\n    def call(self, x):\n        return x * "
      "self.scale\n";
  const Diagnostic d = fail(sequential(layer("layers", "Scale")), custom(source));
  EXPECT_EQ(d.code, "K0501");
  EXPECT_NE(d.message.find("scale"), std::string::npos) << d.message;
  ASSERT_FALSE(d.secondary.empty());
  EXPECT_NE(render_place(d.secondary[0].location, sources_).find("layers.py:6:"), std::string::npos)
      << render_place(d.secondary[0].location, sources_);
}

TEST_F(LoadErrors, TwoDefinitionsThatBothFit) {
  LoadOptions options;
  const std::string source =
      "import keras\n\n\nclass Twice(keras.layers.Layer):\n    def call(self, x):\n        return x * 2.0\n";
  options.custom.push_back(write("one.py", source));
  options.custom.push_back(write("two.py", source));
  const Diagnostic d = fail(sequential(layer("elsewhere", "Twice")), options);
  EXPECT_EQ(d.code, "K0406");
  EXPECT_NE(place(d).find("one.py:4:"), std::string::npos) << place(d);
}

TEST_F(LoadErrors, ShapeForNoInput) {
  LoadOptions options =
      custom("import keras\n\n\nclass Twice(keras.layers.Layer):\n    def call(self, x):\n        return x * 2.0\n");
  options.shapes.push_back({"y", {1, 4}});
  const Diagnostic d = fail(sequential(layer("layers", "Twice")), options);
  EXPECT_EQ(d.code, "K0405");
  EXPECT_EQ(place(d), "argument --shape");
}

TEST_F(LoadErrors, ValueOfATensorInPythonCode) {
  const Diagnostic d =
      fail(sequential(layer("layers", "Peek")), custom("import keras\n\n\nclass Peek(keras.layers.Layer):\n    def "
                                                       "call(self, x):\n        return x * float(keras.ops.sum(x))\n"));
  EXPECT_EQ(d.code, "K0340");
  EXPECT_NE(place(d).find("layers.py:6:"), std::string::npos) << place(d);
}

TEST_F(LoadErrors, BranchesOfATensorConditionThatDoNotMerge) {
  const Diagnostic d = fail(
      sequential(layer("layers", "Fork")),
      custom("import tensorflow as tf\n\n\nclass Fork(tf.keras.layers.Layer):\n    def call(self, x):\n        if "
             "tf.reduce_sum(x) > 0:\n            y = x[:, :2]\n        else:\n            y = x\n        return y\n"));
  EXPECT_EQ(d.code, "K0323");
  EXPECT_NE(place(d).find("layers.py:"), std::string::npos) << place(d);
}

TEST_F(LoadErrors, GoodModelLoads) {
  LoadOptions options =
      custom("import keras\n\n\nclass Twice(keras.layers.Layer):\n    def call(self, x):\n        return x * 2.0\n");
  options.batch = 3;
  Result<LoadedModel> result = load_model(sequential(layer("layers", "Twice")), options, sources_);
  ASSERT_TRUE(result.ok()) << render(result.error().diagnostic(), sources_);
  ASSERT_EQ(result->graph.inputs.size(), 1U);
  EXPECT_EQ(shape_to_string(result->graph.value(result->graph.inputs[0]).shape), "[3, 4]");
  ASSERT_EQ(result->classes.size(), 1U);
  EXPECT_EQ(result->classes[0].found_by, "module and name");
}

}  // namespace
}  // namespace kedge::frontends
