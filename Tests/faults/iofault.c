// For LD_PRELOAD. The Nth write, sync, truncation or removal fails with FAULT_ERRNO; with FAULT_FOR_GOOD=1, so do all later
// ones. Counts only files, not the standard streams. At exit, writes the number of calls to FAULT_COUNT_FILE.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static long setting(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

static int fails(void) {
  long number = atomic_fetch_add(&calls, 1) + 1;
  long nth = setting("FAULT_NTH");
  if (nth == 0 || number < nth || (number > nth && !setting("FAULT_FOR_GOOD"))) return 0;
  errno = (int)setting("FAULT_ERRNO");
  return 1;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t count) {
  REAL(write);
  return fd > 2 && fails() ? -1 : real(fd, data, count);
}
ssize_t pwrite(int fd, const void *data, size_t count, off_t offset) {
  REAL(pwrite);
  return fails() ? -1 : real(fd, data, count, offset);
}
ssize_t pwrite64(int fd, const void *data, size_t count, off64_t offset) {
  REAL(pwrite64);
  return fails() ? -1 : real(fd, data, count, offset);
}
int fsync(int fd) {
  REAL(fsync);
  return fails() ? -1 : real(fd);
}
int fdatasync(int fd) {
  REAL(fdatasync);
  return fails() ? -1 : real(fd);
}
int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  return fails() ? -1 : real(fd, size);
}
int unlink(const char *path) {
  REAL(unlink);
  return fails() ? -1 : real(path);
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("FAULT_COUNT_FILE");
  FILE *file = path ? fopen(path, "w") : 0;
  if (!file) return;
  fprintf(file, "%ld\n", atomic_load(&calls));
  fclose(file);
}
