// What happens after an instruction failed: the innermost handler takes the exception, or the frame is left.
#include "pylang/vm/impl.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

void Impl::enter_handler(Frame* f) {
  const Block block = f->blocks.back();
  f->blocks.pop_back();
  f->sp = f->stack() + block.depth;
  f->handled.resize(static_cast<std::size_t>(block.handled));
  ExceptionObject* e = interp.take_pending();
  if (block.kind == Block::Kind::poison) {
    *f->sp++ = Value::object(make_poison(e, {}));
  } else {
    *f->sp++ = Value::object(e);
    f->handled.push_back(e);
  }
  f->pc = block.target;
}

Frame* Impl::unwind(Frame* f, Frame* entry, bool branch, std::size_t base_blocks) {
  for (;;) {
    const bool refused = interp.refusal_ != nullptr;
    const bool guarded = f->blocks.size() > (f == entry ? base_blocks : 0);
    if (guarded && !refused) {
      enter_handler(f);
      return f;
    }
    if (guarded && !total_budget_spent && f->blocks.back().kind == Block::Kind::poison) {
      const Block block = f->blocks.back();
      f->blocks.pop_back();
      f->sp = f->stack() + block.depth;
      *f->sp++ = Value::object(make_poison(pending_as_reason(), {}));
      f->pc = block.target;
      return f;
    }
    if (branch && f == entry) return nullptr;
    if (f->code->is_module && recover_statement(f)) return f;
    Frame* done = f;
    frame = f->back;
    --call_depth;
    if (done == entry) {
      release_frame(done);
      return nullptr;
    }
    f = done->back;
    release_frame(done);
    if (!refused) add_traceback(f, f->pc);
  }
}

}  // namespace kedge::pylang
