// kedge doctor: what this machine can do.
#include <fmt/format.h>
#include <sys/utsname.h>
#include <cstdlib>
#include <thread>

#include "cli/command.h"
#include "runtime/executor.h"

namespace kedge::cli {
namespace {

bool on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    const std::string candidate = std::string(rest.substr(0, colon)) + "/" + program;
    if (std::FILE* file = std::fopen(candidate.c_str(), "rb")) {
      std::fclose(file);
      return true;
    }
    if (colon == std::string_view::npos) return false;
    rest.remove_prefix(colon + 1);
  }
  return false;
}

int run(Context&, const Options&) {
  utsname machine{};
  uname(&machine);
  print_result(fmt::format("machine          {} {}, {} processors\n", machine.sysname, machine.machine,
                           std::thread::hardware_concurrency()));
  print_result(fmt::format("instruction set  {} (in use: {})\n",
                           kernels::instruction_set_name(kernels::machine_instruction_set()),
                           kernels::instruction_set_name(runtime::best_instruction_set())));
  for (const char* program : {"ssh", "scp"})
    print_result(fmt::format("{:16} {}\n", program,
                             on_path(program) ? "found" : "missing: `kedge deploy` needs it (Debian: openssh-client)"));
  return kExitDone;
}

}  // namespace

const Command kDoctor = {"doctor", "", "what this machine can do", {}, run};

}  // namespace kedge::cli
