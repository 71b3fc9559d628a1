// Build tool: concatenates every .py file below a folder into one archive.
// Layout: "kedge-prelude 1\n", then for each file, sorted by path: "<path>\t<bytes>\n" and the bytes.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: kedge-pack-prelude FOLDER ARCHIVE\n");
    return 2;
  }
  const fs::path root = argv[1];
  std::vector<std::string> paths;
  if (fs::is_directory(root)) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
      if (entry.is_regular_file() && entry.path().extension() == ".py")
        paths.push_back(fs::relative(entry.path(), root).generic_string());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::string archive = "kedge-prelude 1\n";
  for (const std::string& path : paths) {
    std::ifstream file(root / path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) {
      std::fprintf(stderr, "cannot read %s\n", path.c_str());
      return 1;
    }
    const std::string bytes = text.str();
    archive += path + "\t" + std::to_string(bytes.size()) + "\n" + bytes;
  }
  std::ofstream out(argv[2], std::ios::binary);
  out.write(archive.data(), static_cast<std::streamsize>(archive.size()));
  return out ? 0 : 1;
}
