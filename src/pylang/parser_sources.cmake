set(PYLANG_PARSER_SOURCES ast_dump.cpp parser.cpp)
