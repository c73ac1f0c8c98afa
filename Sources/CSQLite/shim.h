#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <sys/vfs.h>
#else
#include <sys/mount.h>
#include <sys/param.h>
#endif

/// Turns SQLite's defensive mode on or off. Swift cannot call the variadic `sqlite3_db_config`.
static inline int csqlite_set_defensive(sqlite3 *database, int enabled) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, enabled, (int *)0);
}

/// Keeps views and triggers in an untrusted schema from calling functions with side effects.
static inline int csqlite_distrust_schema(sqlite3 *database) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}

/// Stops counting what SQLite allocates, before it is used for the first time: threads that use it at once wait for each other
/// to count. Swift cannot call the variadic `sqlite3_config`.
static inline int csqlite_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/// Reads the start of the file through SQLite's own descriptor. Closing a second descriptor would drop the POSIX locks
/// that this process holds on the file.
static inline int csqlite_read_start(sqlite3 *database, void *buffer, int count) {
  sqlite3_file *file = 0;
  int status = sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (status != SQLITE_OK) return status;
  if (!file || !file->pMethods) return SQLITE_CANTOPEN;
  return file->pMethods->xRead(file, buffer, count, 0);
}

/// The destructor constant that makes SQLite copy a bound value immediately.
static inline sqlite3_destructor_type csqlite_transient(void) { return SQLITE_TRANSIENT; }

/// The kernel's type number for the file system that holds `path` (on macOS 0 if local, 1 if remote); -1 on an error.
static inline long long csqlite_filesystem_type(const char *path) {
  struct statfs status;
  if (statfs(path, &status) != 0) return -1;
#if defined(__APPLE__)
  return (status.f_flags & MNT_LOCAL) ? 0 : 1;
#else
  return (long long)(unsigned int)status.f_type;
#endif
}

/// Renames without replacing an existing file. Returns 0, or -1 with `errno` set (`EEXIST` if the name is taken).
static inline int csqlite_rename_exclusive(const char *from, const char *to) {
#if defined(__APPLE__)
  if (renamex_np(from, to, RENAME_EXCL) == 0) return 0;
#elif defined(__linux__) && defined(SYS_renameat2)
  if (syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u /* RENAME_NOREPLACE */) == 0) return 0;
#else
  errno = ENOSYS;
#endif
  if (errno != ENOSYS && errno != EINVAL && errno != ENOTSUP) return -1;
  if (link(from, to) != 0) return -1;
  return unlink(from);
}

#endif
