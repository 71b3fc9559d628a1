// kedge-irrun: reads cases from stdin and answers on stdout; for the oracle tests. All numbers little-endian.
//   case:    int64 text length, text, int64 input count, then per input: int64 dtype (DType's number), int64 rank,
//   dims, bytes answer:  int64 status; 0: int64 output count, outputs as above; 1: int64 length, message
// A text length of -1 ends.
#include <cstdio>
#include <cstring>
#include <string>

#include "ops/interpret.h"
#include "ops/ops.h"

namespace {

using namespace kedge;

bool read_bytes(void* target, std::size_t count) { return count == 0 || std::fread(target, 1, count, stdin) == count; }
std::int64_t read_number() {
  std::int64_t value = -1;
  return read_bytes(&value, sizeof value) ? value : -1;
}
void write_bytes(const void* source, std::size_t count) {
  if (count > 0) std::fwrite(source, 1, count, stdout);
}
void write_number(std::int64_t value) { write_bytes(&value, sizeof value); }

Tensor read_tensor() {
  const auto dtype = static_cast<DType>(read_number());
  StaticShape shape(static_cast<std::size_t>(read_number()));
  for (std::int64_t& dim : shape) dim = read_number();
  Tensor tensor(dtype, shape);
  read_bytes(tensor.mutable_data(), static_cast<std::size_t>(tensor.byte_size()));
  return tensor;
}

Result<std::vector<Tensor>> run(const std::string& text, const std::vector<Tensor>& inputs) {
  KEDGE_TRY(const ir::Graph graph, ir::parse(text, ops::find_op));
  KEDGE_TRY_VOID(ir::verify(graph));
  return ops::interpret(graph, inputs);
}

}  // namespace

int main() {
  while (true) {
    const std::int64_t length = read_number();
    if (length < 0) return 0;
    std::string text(static_cast<std::size_t>(length), ' ');
    read_bytes(text.data(), text.size());
    std::vector<Tensor> inputs(static_cast<std::size_t>(read_number()));
    for (Tensor& input : inputs) input = read_tensor();
    const Result<std::vector<Tensor>> outputs = run(text, inputs);
    write_number(outputs.ok() ? 0 : 1);
    if (!outputs.ok()) {
      const std::string& message = outputs.error().diagnostic().message;
      write_number(static_cast<std::int64_t>(message.size()));
      write_bytes(message.data(), message.size());
    } else {
      write_number(static_cast<std::int64_t>(outputs->size()));
      for (const Tensor& output : *outputs) {
        write_number(static_cast<std::int64_t>(output.dtype()));
        write_number(output.rank());
        for (const std::int64_t dim : output.shape()) write_number(dim);
        write_bytes(output.bytes().data(), output.bytes().size());
      }
    }
    std::fflush(stdout);
  }
}
