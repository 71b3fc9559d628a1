// The exception classes of the language and what their instances carry. Raising and unwinding are the machine's.
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

ExceptionObject* self_exception(Interp& interp, Args args) {
  auto* out = as<ExceptionObject>(arg(args, 0));
  if (out == nullptr) (void)type_error(interp, "descriptor requires a 'BaseException' object");
  return out;
}

Value exception_new(Interp& interp, Args args, void*) {
  auto* cls = as<Type>(arg(args, 0));
  if (cls == nullptr || !interp.is_subtype(cls, interp.types.exception))
    return type_error(interp, "BaseException.__new__(X): X is not a subtype of BaseException");
  ExceptionObject* out =
      make_exception(interp, cls, std::vector<Value>(args.positional.begin() + 1, args.positional.end()));
  return out == nullptr ? Value() : Value::object(out);
}

Value exception_init(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr) return {};
  if (!args.names.empty()) return type_error(interp, self->type->name + "() takes no keyword arguments");
  const Value tuple = interp.tuple(std::vector<Value>(args.positional.begin() + 1, args.positional.end()));
  if (tuple.is_error()) return {};
  self->args = static_cast<Tuple*>(tuple.o);
  return Value::none();
}

// Keyword arguments that become attributes: ImportError(name=, path=), AttributeError(name=, obj=), NameError(name=).
template <int kind>
Value named_init(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr) return {};
  static constexpr std::string_view kNames[3][2] = {{"name", "path"}, {"name", "obj"}, {"name", "name"}};
  for (const std::string_view name : kNames[kind]) interp.dict_set(self->dict, name, Value::none());
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    const std::string& name = args.names[i]->text;
    if (name != kNames[kind][0] && name != kNames[kind][1])
      return type_error(interp, "'" + name + "' is an invalid keyword argument for " + self->type->name + "()");
    interp.dict_set(self->dict, name, args.named[i]);
  }
  if (kind == 0) interp.dict_set(self->dict, "msg", args.positional.size() == 2 ? args.positional[1] : Value::none());
  return exception_init(interp, Args{args.positional, {}, {}}, nullptr);
}

Value stop_iteration_init(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr) return {};
  const Value first = args.positional.size() > 1 ? args.positional[1] : Value::none();
  interp.dict_set(self->dict, interp.is_subtype(self->type, interp.exception_type("StopIteration")) ? "value" : "code",
                  first);
  return exception_init(interp, args, nullptr);
}

Value os_error_init(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr) return {};
  const std::size_t count = args.positional.size() - 1;
  const bool structured = count >= 2 && count <= 5;
  interp.dict_set(self->dict, "errno", structured ? args.positional[1] : Value::none());
  interp.dict_set(self->dict, "strerror", structured ? args.positional[2] : Value::none());
  interp.dict_set(self->dict, "filename", structured && count >= 3 ? args.positional[3] : Value::none());
  const std::size_t kept = structured && count >= 3 ? 3 : args.positional.size();
  return exception_init(interp, Args{args.positional.first(kept), args.names, args.named}, nullptr);
}

Value exception_str(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr) return {};
  if (self->args == nullptr || self->args->items.empty()) return interp.str("");
  const std::optional<std::string> text =
      self->args->items.size() == 1 ? interp.str_of(self->args->items[0]) : interp.repr_of(Value::object(self->args));
  return text ? interp.str(*text) : Value();
}

Value key_error_str(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr) return {};
  if (self->args == nullptr || self->args->items.size() != 1) return exception_str(interp, args, nullptr);
  const std::optional<std::string> text = interp.repr_of(self->args->items[0]);
  return text ? interp.str(*text) : Value();
}

Value os_error_str(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr) return {};
  const Value number = interp.dict_get(self->dict, "errno");
  const Value message = interp.dict_get(self->dict, "strerror");
  const Value file = interp.dict_get(self->dict, "filename");
  if (number.is_error() || number.is_none()) return exception_str(interp, args, nullptr);
  const std::optional<std::string> n = interp.str_of(number);
  const std::optional<std::string> m = interp.str_of(message);
  if (!n || !m) return {};
  std::string out = "[Errno " + *n + "] " + *m;
  if (!file.is_error() && !file.is_none()) {
    const std::optional<std::string> f = interp.repr_of(file);
    if (!f) return {};
    out += ": " + *f;
  }
  return interp.str(out);
}

Value exception_repr(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr) return {};
  std::string out = self->type->name + "(";
  if (self->args != nullptr) {
    for (std::size_t i = 0; i < self->args->items.size(); ++i) {
      const std::optional<std::string> text = interp.repr_of(self->args->items[i]);
      if (!text) return {};
      out += (i > 0 ? ", " : "") + *text;
    }
  }
  return interp.str(out + ")");
}

Value with_traceback(Interp& interp, Args args, void*) {
  return arity(interp, args, "with_traceback", 1, 1) ? args.positional[0] : Value();
}

Value add_note(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr || !arity(interp, args, "add_note", 1, 1)) return {};
  if (str_of(interp, args.positional[1]) == nullptr)
    return type_error(interp, "note must be a str, not " + quoted_type(interp, args.positional[1]));
  Value notes = interp.dict_get(self->dict, "__notes__");
  if (notes.is_error()) {
    notes = interp.list({});
    interp.dict_set(self->dict, "__notes__", notes);
  }
  if (List* list = list_of(interp, notes)) list->items.push_back(args.positional[1]);
  return Value::none();
}

enum class Field { args, cause, context, suppress, traceback };
template <Field field>
Value get_field(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr) return {};
  switch (field) {
    case Field::args: return self->args != nullptr ? Value::object(self->args) : interp.tuple({});
    case Field::cause: return self->cause;
    case Field::context: return self->context;
    case Field::suppress: return Value::boolean(self->suppress_context);
    case Field::traceback: return Value::none();
  }
  return {};
}
template <Field field>
Value set_field(Interp& interp, Args args, void*) {
  ExceptionObject* self = self_exception(interp, args);
  if (self == nullptr || !arity(interp, args, "setter", 1, 1)) return {};
  const Value value = args.positional[1];
  switch (field) {
    case Field::args: {
      const std::optional<std::vector<Value>> items = interp.to_vector(value);
      if (!items) return {};
      const Value tuple = interp.tuple(*items);
      if (tuple.is_error()) return {};
      self->args = static_cast<Tuple*>(tuple.o);
      break;
    }
    case Field::cause:
      self->cause = value;
      self->suppress_context = true;
      break;
    case Field::context: self->context = value; break;
    case Field::suppress: {
      const std::optional<bool> truth = interp.truth(value);
      if (!truth) return {};
      self->suppress_context = *truth;
      break;
    }
    case Field::traceback: break;
  }
  return Value::none();
}
template <Field field>
void field_property(Interp& interp, const char* name) {
  interp.def_property(interp.types.exception, name, get_field<field>, set_field<field>);
}

struct ClassRow {
  const char* name;
  const char* base;
};
// Python Library, "Exception hierarchy"; parents first.
constexpr ClassRow kClasses[] = {{"SystemExit", "BaseException"},
                                 {"KeyboardInterrupt", "BaseException"},
                                 {"GeneratorExit", "BaseException"},
                                 {"BaseExceptionGroup", "BaseException"},
                                 {"Exception", "BaseException"},
                                 {"StopIteration", "Exception"},
                                 {"StopAsyncIteration", "Exception"},
                                 {"ArithmeticError", "Exception"},
                                 {"FloatingPointError", "ArithmeticError"},
                                 {"OverflowError", "ArithmeticError"},
                                 {"ZeroDivisionError", "ArithmeticError"},
                                 {"AssertionError", "Exception"},
                                 {"AttributeError", "Exception"},
                                 {"BufferError", "Exception"},
                                 {"EOFError", "Exception"},
                                 {"ImportError", "Exception"},
                                 {"ModuleNotFoundError", "ImportError"},
                                 {"LookupError", "Exception"},
                                 {"IndexError", "LookupError"},
                                 {"KeyError", "LookupError"},
                                 {"MemoryError", "Exception"},
                                 {"NameError", "Exception"},
                                 {"UnboundLocalError", "NameError"},
                                 {"OSError", "Exception"},
                                 {"BlockingIOError", "OSError"},
                                 {"ChildProcessError", "OSError"},
                                 {"ConnectionError", "OSError"},
                                 {"BrokenPipeError", "ConnectionError"},
                                 {"ConnectionAbortedError", "ConnectionError"},
                                 {"ConnectionRefusedError", "ConnectionError"},
                                 {"ConnectionResetError", "ConnectionError"},
                                 {"FileExistsError", "OSError"},
                                 {"FileNotFoundError", "OSError"},
                                 {"InterruptedError", "OSError"},
                                 {"IsADirectoryError", "OSError"},
                                 {"NotADirectoryError", "OSError"},
                                 {"PermissionError", "OSError"},
                                 {"ProcessLookupError", "OSError"},
                                 {"TimeoutError", "OSError"},
                                 {"ReferenceError", "Exception"},
                                 {"RuntimeError", "Exception"},
                                 {"NotImplementedError", "RuntimeError"},
                                 {"RecursionError", "RuntimeError"},
                                 {"SyntaxError", "Exception"},
                                 {"IndentationError", "SyntaxError"},
                                 {"TabError", "IndentationError"},
                                 {"SystemError", "Exception"},
                                 {"TypeError", "Exception"},
                                 {"ValueError", "Exception"},
                                 {"UnicodeError", "ValueError"},
                                 {"UnicodeDecodeError", "UnicodeError"},
                                 {"UnicodeEncodeError", "UnicodeError"},
                                 {"UnicodeTranslateError", "UnicodeError"},
                                 {"Warning", "Exception"},
                                 {"BytesWarning", "Warning"},
                                 {"DeprecationWarning", "Warning"},
                                 {"EncodingWarning", "Warning"},
                                 {"FutureWarning", "Warning"},
                                 {"ImportWarning", "Warning"},
                                 {"PendingDeprecationWarning", "Warning"},
                                 {"ResourceWarning", "Warning"},
                                 {"RuntimeWarning", "Warning"},
                                 {"SyntaxWarning", "Warning"},
                                 {"UnicodeWarning", "Warning"},
                                 {"UserWarning", "Warning"}};

}  // namespace

ExceptionObject* make_exception(Interp& interp, Type* type, std::vector<Value> args) {
  const Value tuple = interp.tuple(std::move(args));
  if (tuple.is_error()) return nullptr;
  auto* out = interp.make<ExceptionObject>(type);
  out->dict = interp.dict();
  out->args = static_cast<Tuple*>(tuple.o);
  return out;
}

void install_exceptions(Interp& interp) {
  Module* builtins = interp.find_loaded("builtins");
  Type* base = interp.types.exception;
  static constexpr Method kMethods[] = {{"__init__", exception_init},
                                        {"__str__", exception_str},
                                        {"__repr__", exception_repr},
                                        {"with_traceback", with_traceback},
                                        {"add_note", add_note}};
  define(interp, base, kMethods);
  define_static(interp, base, "__new__", exception_new);
  field_property<Field::args>(interp, "args");
  field_property<Field::cause>(interp, "__cause__");
  field_property<Field::context>(interp, "__context__");
  field_property<Field::suppress>(interp, "__suppress_context__");
  field_property<Field::traceback>(interp, "__traceback__");
  interp.dict_set(builtins->dict, "BaseException", Value::object(base));
  for (const ClassRow& row : kClasses) {
    Type* parent = as<Type>(interp.dict_get(builtins->dict, row.base));
    const Value present = interp.dict_get(builtins->dict, row.name);
    Type* type = as<Type>(present);
    if (type == nullptr) {
      type = interp.make_host_type("builtins", row.name, parent);
      interp.dict_set(builtins->dict, row.name, Value::object(type));
    }
    const std::string_view name = row.name;
    const auto init = [&](NativeFn fn) {
      const Method method[] = {{"__init__", fn}};
      define(interp, type, method);
    };
    const auto text = [&](NativeFn fn) {
      const Method method[] = {{"__str__", fn}};
      define(interp, type, method);
    };
    if (name == "KeyError") text(key_error_str);
    if (name == "OSError") {
      init(os_error_init);
      text(os_error_str);
    }
    if (name == "StopIteration" || name == "SystemExit") init(stop_iteration_init);
    if (name == "ImportError") init(named_init<0>);
    if (name == "AttributeError") init(named_init<1>);
    if (name == "NameError") init(named_init<2>);
  }
  interp.dict_set(builtins->dict, "EnvironmentError", interp.dict_get(builtins->dict, "OSError"));
  interp.dict_set(builtins->dict, "IOError", interp.dict_get(builtins->dict, "OSError"));
}

}  // namespace kedge::pylang
