// Fills the builtin types and the builtins module. Tables only: a few hundred small allocations.
#include "pylang/builtins/install.h"

#include "pylang/builtins/support.h"

namespace kedge::pylang {

void install_builtins(Interp& interp) {
  Module* module = interp.find_loaded("builtins");
  KEDGE_CHECK(module != nullptr, "the machine makes the builtins module before install_builtins");
  const Interp::Types& types = interp.types;
  install_object(interp);
  install_int(interp);
  install_float(interp);
  install_complex(interp);
  install_str(interp);
  install_bytes(interp);
  install_list(interp);
  install_tuple(interp);
  install_dict(interp);
  install_set(interp);
  install_range(interp);
  install_iterators(interp);
  install_exceptions(interp);
  const std::pair<const char*, Type*> classes[] = {{"object", types.object},
                                                   {"type", types.type},
                                                   {"bool", types.boolean},
                                                   {"int", types.integer},
                                                   {"float", types.real},
                                                   {"complex", types.complex},
                                                   {"str", types.str},
                                                   {"bytes", types.bytes},
                                                   {"bytearray", types.bytearray},
                                                   {"list", types.list},
                                                   {"tuple", types.tuple},
                                                   {"dict", types.dict},
                                                   {"set", types.set},
                                                   {"frozenset", types.frozenset},
                                                   {"range", types.range},
                                                   {"slice", types.slice},
                                                   {"property", types.property},
                                                   {"staticmethod", types.staticmethod_},
                                                   {"classmethod", types.classmethod_},
                                                   {"super", types.super_}};
  for (const auto& [name, type] : classes) interp.dict_set(module->dict, name, Value::object(type));
  interp.dict_set(module->dict, "NotImplemented", interp.not_implemented());
  interp.dict_set(module->dict, "Ellipsis", interp.ellipsis());
  interp.dict_set(module->dict, "__debug__", Value::boolean(true));
  install_functions(interp, *module);
  install_namespaces(interp, *module);
}

}  // namespace kedge::pylang
