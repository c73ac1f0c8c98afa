// For LD_PRELOAD. Every file system has the type FAULT_FILESYSTEM, a number as statfs(2) reports it.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

int statfs(const char *path, struct statfs *status) {
  (void)path;
  memset(status, 0, sizeof *status);
  status->f_type = strtoll(getenv("FAULT_FILESYSTEM"), 0, 0);
  status->f_bsize = 4096;
  return 0;
}
int statfs64(const char *path, struct statfs64 *status) { return statfs(path, (struct statfs *)status); }
