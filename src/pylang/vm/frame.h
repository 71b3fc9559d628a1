// A frame of the machine: heap-allocated, so Python calls do not nest the C++ stack and a generator keeps its own.
#pragma once

#include <memory>
#include <vector>

#include "pylang/builtins/install.h"
#include "pylang/vm/code.h"

namespace kedge::pylang {

struct Generator;

struct Block {
  enum class Kind : std::uint8_t { handler, poison } kind = Kind::handler;
  std::int32_t target = 0;
  std::int32_t depth = 0;    // operand stack
  std::int32_t handled = 0;  // exceptions being handled
};

inline constexpr std::int32_t kRunToReturn = -2;

struct Frame {
  const Code* code = nullptr;
  Function* function = nullptr;
  Dict* globals = nullptr;
  Dict* names = nullptr;  // namespace of a module or class body
  Value prepared;         // a mapping of Python code that stands for `names` in a class body
  Module* module = nullptr;
  Frame* back = nullptr;
  Generator* generator = nullptr;
  Value init_self;  // set: this is __init__, the call yields this instead
  std::int32_t pc = 0;
  Value* sp = nullptr;      // next free operand
  Value* values = nullptr;  // slots, then operands
  std::vector<Block> blocks;
  std::vector<ExceptionObject*> handled;
  std::int32_t branch_stop =
      -1;  // the join at which the nested run of a tensor-valued branch stops, or kRunToReturn; -1: no such run
  std::unique_ptr<Value[]> storage;
  std::int32_t capacity = 0;

  Value* stack() const { return values + code->slot_names.size(); }
  std::int32_t depth() const { return static_cast<std::int32_t>(sp - stack()); }
};

struct Generator final : NativeIterator {
  Frame* frame = nullptr;  // nullptr: finished
  std::unique_ptr<Frame> owned;
  Str* name = nullptr;
  Str* qualname = nullptr;
  bool running = false;
  bool started = false;
  Value returned = Value::none();  // after the end: the value of `return`
  Value next(Interp& interp, bool& done) override;
};

}  // namespace kedge::pylang
