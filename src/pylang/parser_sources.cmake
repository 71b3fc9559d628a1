set(PYLANG_PARSER_SOURCES
  ast_dump.cpp ast_dump_expressions.cpp ast_walk.cpp literal_repr.cpp parser.cpp parser_atoms.cpp parser_compound.cpp parser_expressions.cpp parser_functions.cpp
  parser_patterns.cpp parser_source.cpp parser_statements.cpp parser_strings.cpp parser_targets.cpp tokenizer.cpp tokenizer_names.cpp
  tokenizer_strings.cpp unicode_tables.cpp)
