#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>

/// Turns SQLite's defensive mode on or off. Swift cannot call the variadic `sqlite3_db_config`.
static inline int csqlite_set_defensive(sqlite3 *database, int enabled) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, enabled, (int *)0);
}

#endif
