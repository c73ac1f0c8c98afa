// The same work as ledger-bench in plain C on the same file: what SQLite, SHA-256 and the disk cost without ktrdr.
// usage: baseline LEDGER PLAIN. PLAIN is an empty database with the ledger's schema, which takes the appends.
#include <fcntl.h>
#include <openssl/evp.h>
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

static void check(int status, sqlite3 *database) {
  if (status == SQLITE_OK || status == SQLITE_DONE || status == SQLITE_ROW) return;
  fprintf(stderr, "baseline: %s\n", sqlite3_errmsg(database));
  exit(1);
}

static void sha256(const unsigned char *data, size_t count, unsigned char *digest) {
  static EVP_MD_CTX *context;
  if (!context) {
    context = EVP_MD_CTX_new();
    EVP_DigestInit_ex2(context, EVP_MD_fetch(0, "SHA256", 0), 0);
  }
  EVP_DigestInit_ex2(context, 0, 0);
  EVP_DigestUpdate(context, data, count);
  EVP_DigestFinal_ex(context, digest, 0);
}

static sqlite3_stmt *prepared(sqlite3 *database, const char *sql) {
  sqlite3_stmt *statement;
  check(sqlite3_prepare_v2(database, sql, -1, &statement, 0), database);
  return statement;
}

static int rows(sqlite3_stmt *statement) {
  int count = 0;
  sqlite3_reset(statement);
  for (; sqlite3_step(statement) == SQLITE_ROW; count++)
    for (int column = 0; column < sqlite3_column_count(statement); column++) sqlite3_column_text(statement, column);
  return count;
}

static void query(sqlite3 *database, const char *name, const char *sql) {
  enum { rounds = 500 };
  double times[rounds];
  sqlite3_stmt *statement = prepared(database, sql);
  for (int round = 0; round < rounds; round++) {
    double start = now();
    rows(statement);
    times[round] = now() - start;
  }
  report(name, times, rounds);
  sqlite3_finalize(statement);
}

#define ENDS " LEFT JOIN event f INDEXED BY finished_deployment ON f.type='finished' AND f.deployment=s.deployment "
#define FROM(index, where) "SELECT * FROM event s INDEXED BY " index ENDS "WHERE s.type='started' " where
#define PAGE(index, where) FROM(index, where) " ORDER BY s.deployment DESC LIMIT 50"
#define GOOD(service) \
  "SELECT * FROM event e INDEXED BY image_service CROSS JOIN event f INDEXED BY finished_deployment CROSS JOIN event s" \
  " INDEXED BY started_deployment WHERE e.type='image' AND e.target='core' AND e.service='" service "' AND" \
  " f.type='finished' AND f.deployment=e.deployment AND s.type='started' AND s.deployment=e.deployment" \
  " ORDER BY e.deployment DESC LIMIT 1"
#define ENDED(outcome) \
  "SELECT * FROM event f INDEXED BY finished_outcome CROSS JOIN event s INDEXED BY started_deployment ON" \
  " s.deployment=f.deployment WHERE s.type='started' AND f.type='finished' AND f.outcome<>'succeeded' AND f.outcome='" outcome "'" \
  " ORDER BY f.deployment DESC LIMIT 50"
#define JOINED(table, where) \
  "SELECT * FROM " table " j CROSS JOIN event s INDEXED BY started_deployment ON s.deployment=j.deployment" ENDS \
  "WHERE s.type='started' " where " ORDER BY j.deployment DESC LIMIT 50"

static void queries(sqlite3 *database) {
  query(database, "last-good", GOOD("backend"));
  query(database, "last-good-never", GOOD("never"));
  query(database, "page", PAGE("started_deployment", ""));
  query(database, "page-target", PAGE("started_target", "AND s.target='core'"));
  query(database, "page-host", PAGE("started_host", "AND s.host='workers-b.ktrdr.home.mynerd.place'"));
  query(database, "page-service", JOINED("coverage", "AND j.service='db'"));
  query(database, "page-operator", PAGE("started_operator", "AND s.operator='ci'"));
  query(database, "page-tag-never", PAGE("started_tag", "AND s.tag='sha-never'"));
  query(database, "page-succeeded", PAGE("started_deployment", "AND f.outcome='succeeded'"));
  query(database, "page-unknown", ENDED("unknown"));
  query(database, "page-running", JOINED("in_flight", ""));
  query(database, "page-rollback", PAGE("started_rollback", "AND s.kind='rollback'"));
  query(database, "page-since", FROM("started_at_time", "AND s.at>=1600000000000 ORDER BY s.at DESC LIMIT 50"));
  query(database, "page-until", FROM("started_at_time", "AND s.at<=1600000000000 ORDER BY s.at DESC LIMIT 50"));
  query(database, "page-batch", PAGE("started_batch", "AND s.batch='batch-77'"));
  query(database, "show",
        "SELECT * FROM event e LEFT JOIN output o ON o.seq=e.seq WHERE e.deployment=500 AND"
        " e.type IN ('started','step','image','finished') AND e.seq IN (SELECT seq FROM event INDEXED BY"
        " detail_deployment WHERE type IN ('step','image') AND deployment=500 UNION ALL SELECT seq FROM event INDEXED BY"
        " started_deployment WHERE type='started' AND deployment=500 UNION ALL SELECT seq FROM event INDEXED BY"
        " finished_deployment WHERE type='finished' AND deployment=500)");
  query(database, "in-flight", JOINED("in_flight", ""));
}

// The hash of the row under the statement, whose last column is the stored one.
static void hash(sqlite3_stmt *row, const void *ledger, const unsigned char *previous, unsigned char *digest) {
  static unsigned char buffer[1 << 20];
  size_t end = 0;
  memcpy(buffer, "ktrdr-ledger/event/v1", 22);
  memcpy(buffer + 22, ledger, 36);
  memcpy(buffer + 58, previous, 32);
  end = 90;
  for (int column = 0; column < sqlite3_column_count(row) - 1; column++) {
    int type = sqlite3_column_type(row, column);
    if (type == SQLITE_NULL) continue;
    unsigned long long number = (unsigned long long)sqlite3_column_int64(row, column);
    const void *bytes = type == SQLITE_INTEGER ? 0 : sqlite3_column_blob(row, column);
    unsigned count = type == SQLITE_INTEGER ? 8 : (unsigned)sqlite3_column_bytes(row, column);
    if (end + 6 + count > sizeof buffer) exit(1);
    buffer[end++] = (unsigned char)(column + 1);
    buffer[end++] = type == SQLITE_INTEGER ? 1 : type == SQLITE_TEXT ? 2 : 3;
    for (int shift = 24; shift >= 0; shift -= 8) buffer[end++] = (unsigned char)(count >> shift);
    if (bytes) memcpy(buffer + end, bytes, count);
    else for (int place = 0; place < 8; place++) buffer[end + place] = (unsigned char)(number >> (56 - 8 * place));
    end += count;
  }
  sha256(buffer, end, digest);
}

static void verify(sqlite3 *database) {
  unsigned char ledger[36], previous[32] = {0}, digest[32];
  sqlite3_stmt *genesis = prepared(database, "SELECT uuid FROM event WHERE seq=1");
  sqlite3_step(genesis);
  memcpy(ledger, sqlite3_column_text(genesis, 0), 36);
  sqlite3_finalize(genesis);
  sqlite3_stmt *all = prepared(database, "SELECT * FROM event ORDER BY seq");
  clock_t start = clock();
  long events = 0;
  for (; sqlite3_step(all) == SQLITE_ROW; events++) {
    hash(all, ledger, previous, digest);
    memcpy(previous, sqlite3_column_blob(all, sqlite3_column_count(all) - 1), 32);
    if (memcmp(previous, digest, 32)) exit(fprintf(stderr, "baseline: event %ld does not fit\n", events + 1));
  }
  printf("verify-events-per-second\t%.0f\tchain only\n", events / ((double)(clock() - start) / CLOCKS_PER_SEC));
  sqlite3_finalize(all);
}

static void append(const char *path) {
  enum { rounds = 1000 };
  double times[rounds];
  sqlite3 *database;
  check(sqlite3_open(path, &database), 0);
  check(sqlite3_exec(database, "PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON;"
                     "INSERT INTO event (seq,type,at,hash) VALUES (1,'genesis',0,zeroblob(32));"
                     "INSERT INTO event (seq,type,at,deployment,uuid,hash) VALUES (2,'started',0,1,'u',zeroblob(32))", 0, 0, 0),
        database);
  sqlite3_stmt *tail = prepared(database, "SELECT seq,hash FROM event ORDER BY seq DESC LIMIT 1");
  sqlite3_stmt *insert = prepared(database,
      "INSERT INTO event (seq,type,at,deployment,name,started_at,duration_ms,exit_status,outcome,hash)"
      " VALUES (?,'step',1700000000000,1,'pull',1700000000000,1,0,'succeeded',?)");
  for (int round = 0; round < rounds; round++) {
    unsigned char digest[32], body[250] = {0};
    double start = now();
    check(sqlite3_exec(database, "BEGIN IMMEDIATE", 0, 0, 0), database);
    check(sqlite3_step(tail), database);
    sqlite3_bind_int64(insert, 1, sqlite3_column_int64(tail, 0) + 1);
    memcpy(body, sqlite3_column_blob(tail, 1), 32);
    sqlite3_reset(tail);
    sha256(body, sizeof body, digest);
    sqlite3_bind_blob(insert, 2, digest, 32, SQLITE_STATIC);
    check(sqlite3_step(insert), database);
    sqlite3_reset(insert);
    check(sqlite3_exec(database, "COMMIT", 0, 0, 0), database);
    times[round] = now() - start;
  }
  report("append", times, rounds);
  sqlite3_finalize(tail);
  sqlite3_finalize(insert);
  sqlite3_close(database);
}

static void one_sync(const char *beside) {
  enum { rounds = 1000 };
  double times[rounds];
  char path[4096], page[4096] = {0};
  snprintf(path, sizeof path, "%s.sync", beside);
  int file = open(path, O_RDWR | O_CREAT, 0600);
  for (int round = 0; round < rounds; round++) {
    double start = now();
    if (pwrite(file, page, sizeof page, 4096L * round) < 0 || fsync(file)) exit(1);
    times[round] = now() - start;
  }
  report("sync", times, rounds);
  close(file);
  unlink(path);
}

int main(int count, char **words) {
  if (count != 3) return 64;
  sqlite3 *database;
  check(sqlite3_open_v2(words[1], &database, SQLITE_OPEN_READONLY, 0), 0);
  queries(database);
  verify(database);
  append(words[2]);
  one_sync(words[2]);
  return 0;
}
