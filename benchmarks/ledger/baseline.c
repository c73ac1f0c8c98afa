// The same work as ledger-bench, in plain C on the same file: what SQLite and the disk cost without ktrdr.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) { return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b); }

static void report(const char *name, double *times, int count) {
  qsort(times, count, sizeof *times, ascending);
  printf("%s\t%.1f\t%.1f\n", name, times[count / 2], times[count * 99 / 100]);
}

static void query(sqlite3 *database, const char *name, const char *sql) {
  enum { rounds = 500 };
  double times[rounds];
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, 0)) exit(fprintf(stderr, "%s\n", sqlite3_errmsg(database)));
  for (int round = 0; round < rounds; round++) {
    double start = now();
    sqlite3_reset(statement);
    while (sqlite3_step(statement) == SQLITE_ROW)
      for (int column = 0; column < sqlite3_column_count(statement); column++) sqlite3_column_text(statement, column);
    times[round] = now() - start;
  }
  report(name, times, rounds);
  sqlite3_finalize(statement);
}

#define ENDS " LEFT JOIN event f INDEXED BY finished_deployment ON f.type='finished' AND f.deployment=s.deployment "
#define PAGE(index, where) \
  "SELECT * FROM event s INDEXED BY " index ENDS "WHERE s.type='started' " where " ORDER BY s.deployment DESC LIMIT 50"

int main(int count, char **words) {
  if (count != 2) return 64;
  sqlite3 *database;
  if (sqlite3_open(words[1], &database)) return 1;
  query(database, "last-good",
        "SELECT * FROM event e INDEXED BY image_service CROSS JOIN event f INDEXED BY finished_deployment CROSS JOIN event s"
        " INDEXED BY started_deployment WHERE e.type='image' AND e.target='core' AND e.service='backend' AND"
        " f.type='finished' AND f.deployment=e.deployment AND s.type='started' AND s.deployment=e.deployment"
        " ORDER BY e.deployment DESC LIMIT 1");
  query(database, "page", PAGE("started_deployment", ""));
  query(database, "page-target", PAGE("started_target", "AND s.target='core'"));
  query(database, "page-operator", PAGE("started_operator", "AND s.operator='ci'"));

  enum { rounds = 200 };
  double times[rounds];
  char path[4096], page[4096] = {0};
  snprintf(path, sizeof path, "%s.sync", words[1]);
  int file = open(path, O_RDWR | O_CREAT, 0600);
  for (int round = 0; round < rounds; round++) {
    double start = now();
    if (pwrite(file, page, sizeof page, 4096L * round) < 0 || fsync(file)) return 1;
    times[round] = now() - start;
  }
  report("sync", times, rounds);
  close(file);
  unlink(path);
  return 0;
}
