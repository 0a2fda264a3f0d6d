/*
 * shell.h - text that a person pastes into a shell.
 *
 * Not text_escape(): what is escaped for a screen names another file.
 */
#ifndef BASE_SHELL_H
#define BASE_SHELL_H

#include "base/arena.h"

/* One word of sh that stands for exactly `text`: bare where that is safe, else
 * in quotes; what misleads a reader or drives a CI runner, and bytes that are
 * not UTF-8, as $'\NNN' (bash, zsh, ksh, POSIX.1-2024). */
struct sv shell_word(struct arena *mem, struct sv text);

#endif
