#ifndef CPROCESS_SHIM_H
#define CPROCESS_SHIM_H

#if defined(__linux__)
#include <malloc.h>
#include <sys/prctl.h>
#endif

/// Keeps other processes of the same user from reading this one's memory and environment, and the kernel from writing
/// them to a core file. Swift cannot call the variadic `prctl`. Returns 0, or -1 if the system refuses.
static inline int cprocess_forbid_inspection(void) {
#if defined(__linux__)
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#else
  return 0;
#endif
}

/// Lets all threads take memory from one place, instead of one for each thread that glibc grows by a page at a time. Has no effect
/// on other systems.
static inline void cprocess_share_memory(void) {
#if defined(__GLIBC__)
  mallopt(M_ARENA_MAX, 1);
#endif
}

#endif
