// _world: how the prelude's stand-ins for time, random, os … refuse what has no stable meaning in an evaluation.
#include "pylang/stdlib/support.h"

namespace kedge::pylang {
namespace {

Value refuse(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "refuse", 1, 1, false)) return {};
  const Str* what = str_of(interp, args.positional[0]);
  return interp.refuse("K0321", what != nullptr ? what->text : "this has no stable meaning in an evaluation");
}

}  // namespace

bool init_world(Interp& interp, Module& module, void*) {
  add_function(interp, module, "refuse", refuse);
  return true;
}

}  // namespace kedge::pylang
