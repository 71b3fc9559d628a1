set(PYLANG_BUILTINS_SOURCES
  bigint.cpp
  builtins/bind.cpp builtins/bytes.cpp builtins/complex.cpp builtins/dict.cpp builtins/dict_table.cpp builtins/exceptions.cpp
  builtins/float.cpp builtins/format.cpp builtins/format_spec.cpp builtins/functions.cpp builtins/install.cpp builtins/int.cpp builtins/int_convert.cpp
  builtins/iterators.cpp builtins/list.cpp builtins/namespaces.cpp builtins/object.cpp builtins/percent.cpp builtins/range.cpp builtins/sequence.cpp
  builtins/set.cpp builtins/str.cpp builtins/str_case.cpp builtins/str_search.cpp builtins/support.cpp builtins/tuple.cpp
  builtins/unicode.cpp builtins/values.cpp
  stdlib/copy.cpp stdlib/itertools.cpp stdlib/itertools_choices.cpp stdlib/itertools_shared.cpp stdlib/math.cpp
  stdlib/math_sums.cpp stdlib/math_whole.cpp stdlib/modules.cpp stdlib/operator.cpp stdlib/re.cpp stdlib/re_match.cpp
  stdlib/regex_atoms.cpp stdlib/regex_compile.cpp stdlib/regex_run.cpp stdlib/world.cpp)
