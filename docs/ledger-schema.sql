-- The schema of a ledger of format 1, as it is stored: the column sql of sqlite_schema has each statement without the semicolon.

CREATE TABLE event (
  seq INTEGER PRIMARY KEY, type TEXT NOT NULL, at INTEGER NOT NULL, deployment INTEGER, uuid TEXT, batch TEXT,
  kind TEXT, target TEXT, host TEXT, directory TEXT, services TEXT, profiles TEXT, tag TEXT, git_sha TEXT,
  git_dirty INTEGER, operator TEXT, client TEXT, undoes INTEGER, secret_versions TEXT, registry TEXT, name TEXT,
  started_at INTEGER, duration_ms INTEGER, exit_status INTEGER, outcome TEXT, output_digest BLOB, service TEXT,
  before_reference TEXT, before_id TEXT, before_digest TEXT, after_reference TEXT, after_id TEXT,
  after_digest TEXT, reason TEXT, compose_digest TEXT, subject INTEGER, anchor_hash BLOB, format INTEGER,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE output (seq INTEGER PRIMARY KEY REFERENCES event, salt BLOB NOT NULL, text TEXT NOT NULL) STRICT;

CREATE TABLE in_flight (deployment INTEGER PRIMARY KEY) STRICT;

CREATE TABLE coverage (
  service TEXT NOT NULL, deployment INTEGER NOT NULL, PRIMARY KEY (service, deployment)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX started_deployment ON event (deployment) WHERE type = 'started';

CREATE UNIQUE INDEX finished_deployment ON event (deployment) WHERE type = 'finished';

CREATE UNIQUE INDEX purged_subject ON event (subject) WHERE type = 'purged';

CREATE INDEX detail_deployment ON event (deployment) WHERE type IN ('step', 'image');

CREATE INDEX started_at_time ON event (at, deployment) WHERE type = 'started';

CREATE INDEX started_target ON event (target, deployment) WHERE type = 'started';

CREATE INDEX started_host ON event (host, deployment) WHERE type = 'started';

CREATE INDEX started_tag ON event (tag, deployment) WHERE type = 'started' AND tag IS NOT NULL;

CREATE INDEX started_operator ON event (operator, deployment) WHERE type = 'started';

CREATE INDEX started_rollback ON event (deployment) WHERE type = 'started' AND kind = 'rollback';

CREATE INDEX started_batch ON event (batch, deployment) WHERE type = 'started' AND batch IS NOT NULL;

CREATE INDEX finished_outcome ON event (outcome, deployment) WHERE type = 'finished' AND outcome <> 'succeeded';

CREATE INDEX image_service ON event (target, service, deployment) WHERE type = 'image';

CREATE VIEW deployment AS
SELECT s.deployment AS id, s.uuid, s.batch, s.kind, s.target, s.host, s.directory, s.services, s.profiles, s.tag,
  s.git_sha, s.git_dirty, s.operator, s.client, s.undoes, s.secret_versions, s.registry,
  strftime('%Y-%m-%dT%H:%M:%fZ', s.at / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', f.at / 1000.0, 'unixepoch') AS finished_at,
  f.duration_ms, coalesce(f.outcome, 'running') AS outcome, f.reason, f.compose_digest
FROM event AS s LEFT JOIN event AS f ON f.type = 'finished' AND f.deployment = s.deployment
WHERE s.type = 'started';

CREATE VIEW step AS
SELECT e.deployment, e.seq, e.name, strftime('%Y-%m-%dT%H:%M:%fZ', e.started_at / 1000.0, 'unixepoch') AS started_at,
  e.duration_ms, e.exit_status, e.outcome, o.text AS output
FROM event AS e LEFT JOIN output AS o ON o.seq = e.seq WHERE e.type = 'step';

CREATE VIEW image AS
SELECT deployment, seq, target, service, before_reference, before_id, before_digest, after_reference, after_id,
  after_digest FROM event WHERE type = 'image';

CREATE TRIGGER event_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

CREATE TRIGGER event_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TRIGGER event_insert BEFORE INSERT ON event BEGIN
  SELECT RAISE(ABORT, 'seq has a gap') WHERE NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event);
  SELECT RAISE(ABORT, 'a ledger begins with its genesis') WHERE (NEW.seq = 1) IS NOT (NEW.type = 'genesis');
  SELECT RAISE(ABORT, 'unknown type of event') WHERE NEW.type NOT IN
    ('genesis', 'started', 'step', 'image', 'finished', 'purged', 'anchored', 'migrated');
END;

CREATE TRIGGER started_insert BEFORE INSERT ON event WHEN NEW.type = 'started' BEGIN
  SELECT RAISE(ABORT, 'deployment numbers have a gap') WHERE NEW.deployment IS NOT
    (SELECT coalesce(max(deployment), 0) + 1 FROM event INDEXED BY started_deployment WHERE type = 'started');
  SELECT RAISE(ABORT, 'this uuid is in the ledger') WHERE NEW.uuid IS NULL OR EXISTS
    (SELECT 1 FROM event INDEXED BY started_at_time WHERE type = 'started' AND at = NEW.at AND uuid = NEW.uuid);
END;

CREATE TRIGGER detail_insert BEFORE INSERT ON event WHEN NEW.type IN ('step', 'image', 'finished') BEGIN
  SELECT RAISE(ABORT, 'this deployment is not in flight') WHERE NOT EXISTS
    (SELECT 1 FROM in_flight WHERE deployment = NEW.deployment);
  SELECT RAISE(ABORT, 'this deployment has finished') WHERE EXISTS
    (SELECT 1 FROM event INDEXED BY finished_deployment WHERE type = 'finished' AND deployment = NEW.deployment);
END;

CREATE TRIGGER purged_insert BEFORE INSERT ON event WHEN NEW.type = 'purged' BEGIN
  SELECT RAISE(ABORT, 'there is no such text') WHERE NOT EXISTS (SELECT 1 FROM output WHERE seq = NEW.subject);
  SELECT RAISE(ABORT, 'this text was purged') WHERE EXISTS
    (SELECT 1 FROM event INDEXED BY purged_subject WHERE type = 'purged' AND subject = NEW.subject);
END;

CREATE TRIGGER started_after AFTER INSERT ON event WHEN NEW.type = 'started' BEGIN
  INSERT INTO in_flight VALUES (NEW.deployment);
END;

CREATE TRIGGER finished_after AFTER INSERT ON event WHEN NEW.type = 'finished' BEGIN
  DELETE FROM in_flight WHERE deployment = NEW.deployment;
END;

CREATE TRIGGER output_update BEFORE UPDATE ON output BEGIN SELECT RAISE(ABORT, 'texts are never changed'); END;

CREATE TRIGGER output_insert BEFORE INSERT ON output BEGIN
  SELECT RAISE(ABORT, 'a text belongs to the newest step') WHERE NOT EXISTS
    (SELECT 1 FROM event WHERE seq = NEW.seq AND type = 'step' AND output_digest IS NOT NULL
      AND seq = (SELECT max(seq) FROM event));
  SELECT RAISE(ABORT, 'this step has its text') WHERE EXISTS (SELECT 1 FROM output WHERE seq = NEW.seq);
END;

CREATE TRIGGER output_delete BEFORE DELETE ON output BEGIN
  SELECT RAISE(ABORT, 'a text is removed by purging it') WHERE NOT EXISTS
    (SELECT 1 FROM event INDEXED BY purged_subject WHERE type = 'purged' AND subject = OLD.seq);
END;
