// The one instruction that Swift cannot reach: ask for a cache line before it is needed.
#pragma once

static inline void prefetch_line(const void *address) {
  __builtin_prefetch(address, 0, 3);
}
