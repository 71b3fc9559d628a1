// Python in notebooks (.ipynb) and Markdown pages (.md): the code cells as one source whose line numbers are those of
// the file. Nothing is executed here. A cell that is no Python is left out, as are the lines that only a notebook
// understands (`%matplotlib inline`, `!pip install`).
#pragma once

#include <string>
#include <string_view>

#include "base/limits.h"

namespace kedge::frontends {

/// True for the extensions whose files hold Python in cells.
bool holds_cells(std::string_view path);

/// The Python in `text`, the content of the file `path`: line n of the answer is line n of the file, empty where the
/// file has no code. Of a notebook whose JSON does not put each line of code on a line of its own, the lines simply
/// follow each other. A file that cannot be read gives an empty source: its classes are then not found (K0401).
std::string python_of_cells(std::string_view path, std::string_view text, const Limits& limits);

}  // namespace kedge::frontends
