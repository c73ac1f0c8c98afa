#ifndef CPROCESS_SHIM_H
#define CPROCESS_SHIM_H

#if defined(__linux__)
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

#endif
