// How the instructions outside of the machine's loop touch the operand stack: `sp` is the next free operand.
#pragma once

#define PUSH(v) (*sp++ = (v))
#define POP() (*--sp)
#define TOP() (sp[-1])
#define FAIL_IF(cond)         \
  do {                        \
    if (cond) return nullptr; \
  } while (0)
